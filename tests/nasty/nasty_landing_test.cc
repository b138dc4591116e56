// The landing folder; see README.md for the list of cases.

#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ingest/file_ledger.h"
#include "nasty_fixture.h"
#include "storage/memory_store.h"

namespace medallion::nasty {
namespace {

namespace fs = std::filesystem;
using ingest::FileBatch;
using ingest::FileLedger;
using ingest::FileSourceOptions;
using ingest::LandedFile;
using ingest::Listing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class NastyLandingTest : public NastyTest {
 protected:
  Listing List() {
    Result<Listing> listing = ingest::ListFiles(folder_.path(), {});
    if (!listing) {
      ADD_FAILURE() << listing.error().ToString();
      return {};
    }
    return *std::move(listing);
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const LandedFile& file : List().files) {
      names.push_back(file.path.substr(folder_.path().size() + 1));
    }
    return names;
  }

  // What an update an hour later takes.
  FileBatch Plan() {
    return PlanFileBatch(List(), ledger_, {}, SystemClock().NowMicros() + 3'600'000'000);
  }

  FileLedger ledger_ = *FileLedger::Open(std::make_shared<MemoryStore>());
};

TEST_F(NastyLandingTest, L01AndL02ReportChangedFilesAndDoNotIngestThemAgain) {
  folder_.Write("a.csv", "id\n1\n");
  folder_.Write("b.csv", "id\n1\n");
  ASSERT_TRUE(ledger_.Record(0, Plan().files));
  EXPECT_THAT(Plan().files, IsEmpty());
  folder_.Write("a.csv", "id\n22\n");    // overwritten
  folder_.Write("b.csv", "id\n1\n2\n");  // appended
  const FileBatch batch = Plan();
  EXPECT_THAT(batch.files, IsEmpty());
  EXPECT_THAT(batch.changed,
              UnorderedElementsAre(folder_.path() + "/a.csv", folder_.path() + "/b.csv"));
}

TEST_F(NastyLandingTest, L03AndL04IngestTheSameBytesUnderAnotherName) {
  folder_.Write("a.csv", "id\n1\n");
  ASSERT_TRUE(ledger_.Record(0, Plan().files));
  fs::rename(folder_.path() + "/a.csv", folder_.path() + "/b.csv");
  EXPECT_THAT(Plan().files, SizeIs(1));
}

TEST_F(NastyLandingTest, L05LetsADeletedFileWaitWithAWarning) {
  folder_.Write("good.csv", PlainCsv(1));
  folder_.Write("gone.csv", PlainCsv(1));
  const Listing listing = List();
  fs::remove(folder_.path() + "/gone.csv");
  const auto inspection =
      InspectBatch(listing.files, {}, *Schema::FromDdl("id STRING, name STRING, price STRING"));
  ASSERT_TRUE(inspection);
  EXPECT_THAT(inspection->readable, SizeIs(1));
  EXPECT_THAT(inspection->rejected, IsEmpty());
  EXPECT_THAT(inspection->warnings, ElementsAre(HasSubstr("gone.csv")));
}

TEST_F(NastyLandingTest, L06AndL18RefuseAFileThatChangesBetweenInspectionAndReading) {
  folder_.Write("bad.csv", PlainCsv(2));
  const Listing listing = List();
  const Schema schema = *Schema::FromDdl("id STRING, name STRING, price STRING");
  ASSERT_THAT(InspectBatch(listing.files, {}, schema)->readable, SizeIs(1));
  folder_.Write("bad.csv", PlainCsv(3));
  const ingest::CsvSource source(listing.files, {}, schema, {});
  const auto reader = source.Open(0, {0});
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code(), ErrorCode::kPreconditionFailed);
}

TEST_F(NastyLandingTest, L06FailsTheReadIfTheFileGrowsMeanwhile) {
  folder_.Write("bad.csv", PlainCsv(2));
  const ingest::CsvSource source(List().files, {}, *Schema::FromDdl("id STRING"), {});
  auto reader = source.Open(0, {0});
  ASSERT_TRUE(reader);
  folder_.Write("bad.csv", PlainCsv(3));
  ColumnBatch batch;
  const Status read = (*reader)->Next(batch);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), ErrorCode::kPreconditionFailed);
}

TEST_F(NastyLandingTest, L07DoesNotFollowLinks) {
  folder_.Write("a.csv", "id\n1\n");
  fs::create_directory_symlink(folder_.path(), folder_.path() + "/loop");
  fs::create_symlink("/etc/passwd", folder_.path() + "/out.csv");
  EXPECT_THAT(Names(), ElementsAre("a.csv"));
  EXPECT_THAT(List().skipped, UnorderedElementsAre(HasSubstr("/loop: a symbolic link"),
                                                   HasSubstr("/out.csv: a symbolic link")));
}

TEST_F(NastyLandingTest, L09IngestsEveryOddNameOnce) {
  const std::vector<std::string> names = {
      "\xFF\xFE.csv", "a\nb.csv",   "it's \"x\".csv",
      "100%25.csv",   "k=v#1.csv",  "-dash.csv",
      "e\u0301.csv",  "\u00E9.csv", std::string(251, 'x') + ".csv"};
  for (const std::string& name : names) {
    folder_.Write(name, "id\n1\n");
  }
  const Result<Ingested> ingested = folder_.Ingest({}, {}, {"file_path"});
  ASSERT_TRUE(ingested) << ingested.error().ToString();
  std::set<std::string> paths;
  for (const TextRow& row : ingested->rows) {
    paths.insert(row[2]);
  }
  EXPECT_THAT(paths, SizeIs(names.size()));
  EXPECT_THAT(paths, Contains("file://" + folder_.path() + "/%FF%FE.csv"));
  EXPECT_THAT(paths, Contains("file://" + folder_.path() + "/100%2525.csv"));
  EXPECT_THAT(paths, Contains("file://" + folder_.path() + "/a%0Ab.csv"));
}

TEST_F(NastyLandingTest, L10PassesOverHiddenNamesAndUnfinishedUploads) {
  for (const std::string name : {"a.csv", ".hidden.csv", "_meta.csv", "b.csv.tmp", "c.csv.part",
                                 ".a.csv.crc", "_SUCCESS", "_folder/d.csv"}) {
    folder_.Write(name, "id\n1\n");
  }
  EXPECT_THAT(Names(), ElementsAre("a.csv"));
  EXPECT_THAT(List().skipped, SizeIs(7));
}

TEST_F(NastyLandingTest, L11PassesOverWhatIsNoFileWithoutHanging) {
  fs::create_directory(folder_.path() + "/x.csv");
  ASSERT_EQ(mkfifo((folder_.path() + "/fifo.csv").c_str(), 0600), 0);
  const int socket_file = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder_.path() + "/s.csv").c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(socket_file, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  close(socket_file);
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(List().skipped, UnorderedElementsAre(HasSubstr("a FIFO"), HasSubstr("a socket")));
}

TEST_F(NastyLandingTest, L11DoesNotHangOnAFifoThatTookAFilesPlace) {
  folder_.Write("bad.csv", "id\n1\n");
  const Listing listing = List();
  fs::remove(folder_.path() + "/bad.csv");
  ASSERT_EQ(mkfifo((folder_.path() + "/bad.csv").c_str(), 0600), 0);
  const auto inspection = InspectBatch(listing.files, {}, *Schema::FromDdl("id STRING"));
  ASSERT_TRUE(inspection);
  EXPECT_THAT(inspection->readable, IsEmpty());
}

TEST_F(NastyLandingTest, L12SetsAnUnreadableFileAside) {
  if (geteuid() == 0) {
    // The superuser reads everything; another user's view is tried in a child that gave up its
    // rights.
    folder_.Write("good.csv", PlainCsv(1));
    fs::permissions(folder_.Write("bad.csv", PlainCsv(1)), fs::perms::none);
    fs::permissions(folder_.path(), fs::perms::all);
    EXPECT_EXIT(
        {
          const bool given_up = setgid(65534) == 0 && setuid(65534) == 0;
          const auto ingested = folder_.Ingest();
          const bool expected = given_up && ingested && ingested->inspection.rejected.size() == 1 &&
                                ingested->inspection.rejected[0].reason.find("permission denied") !=
                                    std::string::npos &&
                                ingested->rows.size() == 1;
          _exit(expected ? 0 : 1);
        },
        ::testing::ExitedWithCode(0), "");
    return;
  }
  folder_.Write("good.csv", PlainCsv(5));
  fs::permissions(folder_.Write("bad.csv", PlainCsv(1)), fs::perms::none);
  const Result<Ingested> ingested = folder_.Ingest();
  ASSERT_TRUE(ingested);
  ASSERT_THAT(ingested->inspection.rejected, SizeIs(1));
  EXPECT_THAT(ingested->inspection.rejected[0].reason, HasSubstr("permission denied"));
  EXPECT_THAT(ingested->rows, SizeIs(5));
}

TEST_F(NastyLandingTest, L13SkipsNoFileForItsTime) {
  const auto set = [&](const std::string& name, int64_t seconds) {
    const std::string path = folder_.Write(name, "id\n1\n");
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  };
  set("old.csv", 0);
  set("future.csv", 4'300'000'000);
  set("same2.csv", 1'000'000'000);
  set("same1.csv", 1'000'000'000);
  ASSERT_TRUE(ledger_.Record(0, {}));
  std::vector<std::string> taken;
  for (const LandedFile& file : Plan().files) {
    taken.push_back(file.path.substr(folder_.path().size() + 1));
  }
  EXPECT_THAT(taken, ElementsAre("old.csv", "same1.csv", "same2.csv", "future.csv"));
}

TEST_F(NastyLandingTest, L14ListsAHundredThousandFilesWithinSecondsAndDeepFolders) {
  fs::create_directory(folder_.path() + "/many");
  for (int i = 0; i < 100'000; ++i) {
    const int file = creat((folder_.path() + "/many/" + std::to_string(i) + ".csv").c_str(), 0600);
    ASSERT_GE(file, 0);
    close(file);
  }
  std::string deep = "deep";
  for (int i = 0; i < 50; ++i) {
    deep += "/d";
  }
  folder_.Write(deep + "/x.csv", "id\n1\n");
  const int64_t start = SystemClock().MonotonicMicros();
  EXPECT_THAT(List().files, SizeIs(100'001));
  EXPECT_LT(SystemClock().MonotonicMicros() - start, 5'000'000);
}

TEST_F(NastyLandingTest, L15IngestsNamesThatDifferOnlyInCase) {
  folder_.Write("A.csv", "id\n1\n");
  folder_.Write("a.csv", "id\n2\n");
  EXPECT_THAT(Names(), SizeIs(2));
}

TEST_F(NastyLandingTest, L16RefusesAMissingSourceAndForgetsNothingWhenItIsSuddenlyEmpty) {
  EXPECT_EQ(ingest::ListFiles(folder_.path() + "/none", {}).error().code(), ErrorCode::kNotFound);
  folder_.Write("a.csv", "id\n1\n");
  ASSERT_TRUE(ledger_.Record(0, Plan().files));
  fs::remove(folder_.path() + "/a.csv");
  EXPECT_THAT(Plan().files, IsEmpty());
  EXPECT_EQ(ledger_.size(), 1U);
}

}  // namespace
}  // namespace medallion::nasty
