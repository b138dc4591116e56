#include "library_files.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace medallion::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Gathers files of one project; keeps what was found before, so that no file is read twice.
class LibraryReader {
 public:
  LibraryReader(const fs::path& folder, std::vector<Diagnostic>& findings)
      : folder_(folder), findings_(findings) {}

  void Add(const LibraryGlob& glob) {
    if (glob.include.ends_with("/**")) {
      AddFolder(folder_ / glob.include.substr(0, glob.include.size() - 3), glob);
    } else {
      AddNamedFile(folder_ / glob.include, glob);
    }
  }

  std::vector<SourceTextPtr> TakeFiles() { return std::move(files_); }

 private:
  void AddNamedFile(const fs::path& path, const LibraryGlob& glob) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      Report(
          glob, "PIPELINE_SPEC_INVALID_GLOB_PATTERN",
          fmt::format("a folder needs `/**`: {}", glob.include),
          fmt::format("write `{}/**`",
                      std::string(glob.include).substr(0, glob.include.find_last_not_of('/') + 1)));
    } else if (!fs::is_regular_file(path, ignored)) {
      Report(glob, "PIPELINE_SPEC_LIBRARY_NOT_FOUND", fmt::format("no such file: {}", glob.include),
             NearFile(path));
    } else {
      AddFile(path, glob);
    }
  }

  void AddFolder(const fs::path& path, const LibraryGlob& glob) {
    std::error_code problem;
    fs::recursive_directory_iterator walk(path, problem);
    if (problem) {
      Report(glob, "PIPELINE_SPEC_LIBRARY_NOT_FOUND",
             fmt::format("cannot list the folder of {}: {}", glob.include, problem.message()),
             "paths are relative to the folder of the project file");
      return;
    }
    std::set<fs::path> found;
    for (; walk != fs::recursive_directory_iterator() && found.size() <= kLibraryFilesMax;
         walk.increment(problem)) {
      const std::string name = walk->path().filename().string();
      std::error_code ignored;
      if (name.starts_with('.') || name == "__pycache__") {
        walk.disable_recursion_pending();
      } else if (walk->is_regular_file(ignored)) {
        found.insert(walk->path());
      }
      if (problem) {
        break;
      }
    }
    for (const fs::path& file : found) {
      AddFile(file, glob);
    }
  }

  void AddFile(const fs::path& path, const LibraryGlob& glob) {
    if (!seen_.insert(path.lexically_normal()).second) {
      return;
    }
    const std::string shown = path.lexically_normal().lexically_relative(folder_).string();
    if (files_.size() >= kLibraryFilesMax) {
      if (files_.size() == kLibraryFilesMax && !overflowed_) {
        overflowed_ = true;
        Report(glob, "PIPELINE_SPEC_TOO_MANY_FILES",
               fmt::format("more than {} files", kLibraryFilesMax),
               "split the pipeline into several projects");
      }
    } else if (path.extension() == ".py") {
      Report(glob, "UNSUPPORTED_PYTHON_FILE",
             fmt::format("Python pipeline files are not run here: {}", shown),
             "write its datasets as CREATE OR REFRESH … statements in a .sql file, or run this "
             "project on a Spark "
             "cluster");
    } else if (path.extension() != ".sql") {
      Report(glob, "PIPELINE_UNSUPPORTED_DEFINITIONS_FILE_EXTENSION",
             fmt::format("not a pipeline file (expected .sql): {}", shown),
             "move it out of the folder, or name the .sql files one by one");
    } else {
      Read(path, shown, glob);
    }
  }

  void Read(const fs::path& path, const std::string& shown, const LibraryGlob& glob) {
    Result<SourceTextPtr> text = ReadText(path.string(), shown);
    if (text) {
      files_.push_back(*std::move(text));
    } else {
      Report(glob, "", text.error().message(),
             "make the file readable, or take it out of `libraries`");
    }
  }

  // Advice for a file that is not there: the nearest name in its folder.
  std::string NearFile(const fs::path& path) const {
    std::vector<std::string> names;
    std::error_code problem;
    for (fs::directory_iterator walk(path.parent_path(), problem);
         !problem && walk != fs::directory_iterator(); walk.increment(problem)) {
      names.push_back(walk->path().filename().string());
    }
    const std::optional<std::string> nearest = NearestName(path.filename().string(), names);
    return nearest
               ? fmt::format("did you mean `{}`?",
                             (path.parent_path() / *nearest).lexically_relative(folder_).string())
               : "paths are relative to the folder of the project file";
  }

  void Report(const LibraryGlob& glob, std::string_view condition, std::string message,
              std::string hint) {
    findings_.push_back(Diagnostic::At(glob.place.source, glob.place.span, condition,
                                       std::move(message), "", {std::move(hint)}));
  }

  fs::path folder_;
  std::vector<Diagnostic>& findings_;
  std::set<fs::path> seen_;
  std::vector<SourceTextPtr> files_;
  bool overflowed_ = false;
};

}  // namespace

Result<SourceTextPtr> ReadText(const std::string& path, const std::string& shown_name) {
  std::ifstream stream(path, std::ios::binary);
  std::error_code no_size;  // of a pipe or the like: then as much as may be
  const size_t longest = kTextBytesMax + kByteOrderMark.size() + 1;
  const std::uintmax_t size = fs::file_size(path, no_size);
  std::string text(no_size ? longest : std::min<std::uintmax_t>(size, longest), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    return Error(ErrorCode::kIo, fmt::format("cannot read {}", shown_name));
  }
  text.resize(static_cast<size_t>(stream.gcount()));
  if (text.starts_with(kByteOrderMark)) {
    text.erase(0, kByteOrderMark.size());
  }
  if (text.size() > kTextBytesMax) {
    return Error(ErrorCode::kSpecification,
                 fmt::format("larger than {} bytes: {}", kTextBytesMax, shown_name));
  }
  return SourceText::Make(shown_name, std::move(text));
}

std::vector<SourceTextPtr> ReadLibraryFiles(const std::string& folder,
                                            const std::vector<LibraryGlob>& globs,
                                            std::vector<Diagnostic>& findings) {
  LibraryReader reader(folder, findings);
  for (const LibraryGlob& glob : globs) {
    reader.Add(glob);
  }
  return reader.TakeFiles();
}

}  // namespace medallion::pipeline
