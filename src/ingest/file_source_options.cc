#include <array>
#include <charconv>
#include <limits>

#include "base/text.h"
#include "ingest/file_source.h"

namespace medallion::ingest {
namespace {

// Every name of Auto Loader's and Spark's CSV options (Databricks, "Auto Loader options"), so that
// a known option of a later release is told from a misspelt one. Compared in lower case, as Spark
// does.
constexpr std::string_view kLaterOptions[] = {"badRecordsPath",
                                              "backfillInterval",
                                              "charToEscapeQuoteEscaping",
                                              "cleanSource",
                                              "cleanSource.moveDestination",
                                              "cleanSource.retentionDuration",
                                              "clientId",
                                              "clientSecret",
                                              "columnNameOfCorruptRecord",
                                              "connectionString",
                                              "dateFormat",
                                              "emptyValue",
                                              "enforceSchema",
                                              "fetchParallelism",
                                              "ignoreCorruptFiles",
                                              "ignoreMissingFiles",
                                              "includeExistingFiles.since",
                                              "inferSchema",
                                              "lineSep",
                                              "locale",
                                              "maxCharsPerColumn",
                                              "maxColumns",
                                              "maxFileAge",
                                              "mergeSchema",
                                              "modifiedAfter",
                                              "modifiedBefore",
                                              "nanValue",
                                              "negativeInf",
                                              "partitionColumns",
                                              "pathRewrites",
                                              "positiveInf",
                                              "preferDate",
                                              "preserveSpace",
                                              "queueName",
                                              "queueUrl",
                                              "readerCaseSensitive",
                                              "recursiveFileLookup",
                                              "region",
                                              "resourceGroup",
                                              "resourceTag",
                                              "roleArn",
                                              "roleExternalId",
                                              "roleSessionName",
                                              "samplingRatio",
                                              "schemaLocation",
                                              "singleVariantColumn",
                                              "stsEndpoint",
                                              "subscriptionId",
                                              "tenantId",
                                              "timeZone",
                                              "timestampFormat",
                                              "timestampNTZFormat",
                                              "typeWidening",
                                              "unescapedQuoteHandling",
                                              "useIncrementalListing",
                                              "useManagedFileEvents",
                                              "useNotifications",
                                              "useStrictGlobber",
                                              "validateOptions",
                                              "wholeText",
                                              "rowTag"};

constexpr std::string_view kPrefix = "cloudfiles.";

Error BadValue(const RawOption& option, std::string_view expected) {
  return Error(ErrorCode::kSpecification,
               fmt::format("option `{}` needs {}, not `{}`", option.name, expected, option.text));
}

Error Refused(const RawOption& option, std::string_view advice) {
  return Error(ErrorCode::kUnsupported, fmt::format("option `{}` => '{}' is not supported yet: {}",
                                                    option.name, option.text, advice));
}

Status SetBoolean(const RawOption& option, bool& target) {
  if (EqualsIgnoreCase(option.text, "true")) {
    target = true;
  } else if (EqualsIgnoreCase(option.text, "false")) {
    target = false;
  } else {
    return BadValue(option, "true or false");
  }
  return OkStatus();
}

std::optional<int64_t> ParseCount(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

Status SetCount(const RawOption& option, int64_t least, int64_t& target) {
  const std::optional<int64_t> value = ParseCount(option.text);
  if (!value || *value < least) {
    return BadValue(option, fmt::format("a whole number from {} on", least));
  }
  target = *value;
  return OkStatus();
}

// Spark's byte strings, `JavaUtils.byteStringAs`: a number with b, k, kb, m, mb, g, gb, t, tb or
// none; units are powers of 1024.
std::optional<int64_t> ParseByteSize(std::string_view text) {
  const std::string lower = ToLower(Trim(text));
  size_t digits = 0;
  while (digits < lower.size() && IsDigit(lower[digits])) {
    ++digits;
  }
  const std::optional<int64_t> number = ParseCount(std::string_view(lower).substr(0, digits));
  if (!number) {
    return std::nullopt;
  }
  std::string_view unit = Trim(std::string_view(lower).substr(digits));
  if (unit.size() == 2 && unit[1] == 'b') {
    unit.remove_suffix(1);
  }
  constexpr std::string_view kUnits = "bkmgt";
  const size_t power = unit.empty() ? 0 : kUnits.find(unit);
  if (unit.size() > 1 || power == std::string_view::npos) {
    return std::nullopt;
  }
  const int shift = static_cast<int>(power) * 10;
  if (*number > (std::numeric_limits<int64_t>::max() >> shift)) {
    return std::nullopt;
  }
  return *number << shift;
}

Status SetByteSize(const RawOption& option, std::optional<int64_t>& target) {
  const std::optional<int64_t> size = ParseByteSize(option.text);
  if (!size || *size == 0) {
    return BadValue(option, "a size such as 10mb or 1g");
  }
  target = size;
  return OkStatus();
}

// One byte, or one of Spark's escapes for it.
Status SetCharacter(const RawOption& option, char& target) {
  if (option.text == "\\t") {
    target = '\t';
    return OkStatus();
  }
  if (option.text.size() != 1 || option.text[0] == '\n' || option.text[0] == '\r') {
    return BadValue(option, "one character (several or non-ASCII characters are not supported)");
  }
  target = option.text[0];
  return OkStatus();
}

Status SetMode(const RawOption& option, ParseMode& target) {
  if (EqualsIgnoreCase(option.text, "PERMISSIVE")) {
    target = ParseMode::kPermissive;
  } else if (EqualsIgnoreCase(option.text, "DROPMALFORMED")) {
    target = ParseMode::kDropMalformed;
  } else if (EqualsIgnoreCase(option.text, "FAILFAST")) {
    target = ParseMode::kFailFast;
  } else {
    return BadValue(option, "PERMISSIVE, DROPMALFORMED or FAILFAST");
  }
  return OkStatus();
}

Status SetEvolutionMode(const RawOption& option, SchemaEvolutionMode& target) {
  if (EqualsIgnoreCase(option.text, "addNewColumns")) {
    target = SchemaEvolutionMode::kAddNewColumns;
  } else if (EqualsIgnoreCase(option.text, "rescue")) {
    target = SchemaEvolutionMode::kRescue;
  } else if (EqualsIgnoreCase(option.text, "failOnNewColumns")) {
    target = SchemaEvolutionMode::kFailOnNewColumns;
  } else if (EqualsIgnoreCase(option.text, "none")) {
    target = SchemaEvolutionMode::kNone;
  } else if (EqualsIgnoreCase(option.text, "addNewColumnsWithTypeWidening")) {
    return Refused(option, "use addNewColumns; values that do not fit are rescued");
  } else {
    return BadValue(option, "addNewColumns, rescue, failOnNewColumns or none");
  }
  return OkStatus();
}

Status CheckReadableType(const RawOption& option, const Field& field) {
  switch (field.type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kString:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz: return OkStatus();
    default:
      return Error(ErrorCode::kUnsupported,
                   fmt::format("option `{}`: column `{}` cannot be read from CSV as {}",
                               option.name, field.name, field.type.ToDdl()));
  }
}

Result<Schema> ParseColumns(const RawOption& option) {
  Result<Schema> schema = Schema::FromDdl(option.text);
  if (!schema) {
    return std::move(schema).error().Context(fmt::format("option `{}`", option.name));
  }
  for (const Field& field : schema->fields()) {
    RETURN_IF_ERROR(CheckReadableType(option, field));
  }
  return schema;
}

Status SetFormat(const RawOption& option, std::string& target) {
  if (EqualsIgnoreCase(option.text, "csv")) {
    target = "csv";
    return OkStatus();
  }
  for (const std::string_view later :
       {"avro", "binaryFile", "json", "orc", "parquet", "text", "xml"}) {
    if (EqualsIgnoreCase(option.text, later)) {
      return Refused(option, "only csv files are read so far");
    }
  }
  return BadValue(option, "the name of a file format (csv)");
}

Status SetEncoding(const RawOption& option, std::string& target) {
  // Java's spellings on the left, ours on the right.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kNames = {{
      {"UTF-8", "UTF-8"},
      {"UTF8", "UTF-8"},
      {"US-ASCII", "UTF-8"},
      {"UTF-16", "UTF-16"},
      {"UTF-16LE", "UTF-16LE"},
      {"UTF-16BE", "UTF-16BE"},
      {"windows-1252", "windows-1252"},
      {"cp1252", "windows-1252"},
      {"cp-1252", "windows-1252"},
      {"ISO-8859-1", "ISO-8859-1"},
      {"ISO8859_1", "ISO-8859-1"},
      {"latin1", "ISO-8859-1"},
      {"latin-1", "ISO-8859-1"},
  }};
  for (const auto& [spelling, name] : kNames) {
    if (EqualsIgnoreCase(option.text, spelling)) {
      target = name;
      return OkStatus();
    }
  }
  return Error(
      ErrorCode::kUnsupported,
      fmt::format("option `{}`: encoding `{}` is not supported; supported are UTF-8, UTF-16, "
                  "UTF-16LE, UTF-16BE, windows-1252 and ISO-8859-1",
                  option.name, option.text));
}

using Setter = Status (*)(const RawOption&, FileSourceOptions&);
struct KnownOption {
  std::string_view name;
  Setter set;
};

Status SetComment(const RawOption& option, FileSourceOptions& out) {
  if (option.text.empty()) {
    out.csv.comment.reset();
    return OkStatus();
  }
  char comment = 0;
  RETURN_IF_ERROR(SetCharacter(option, comment));
  out.csv.comment = comment;
  return OkStatus();
}

Status SetInference(const RawOption& option, FileSourceOptions& out) {
  RETURN_IF_ERROR(SetBoolean(option, out.infer_column_types));
  if (out.infer_column_types) {
    return Refused(option, "name the types of columns with `schemaHints`; the rest are STRING");
  }
  return OkStatus();
}

Status SetExistingFiles(const RawOption& option, FileSourceOptions& out) {
  RETURN_IF_ERROR(SetBoolean(option, out.include_existing_files));
  if (!out.include_existing_files) {
    return Refused(option, "narrow the source's path or `pathGlobFilter` instead");
  }
  return OkStatus();
}

// An empty name does not switch the column off (Databricks): it gives the default name.
Status SetRescuedColumn(const RawOption& option, FileSourceOptions& out) {
  out.rescued_data_column = option.text.empty() ? "_rescued_data" : option.text;
  return OkStatus();
}

Status SetText(const RawOption& option, std::string& target) {
  target = option.text;
  return OkStatus();
}

Status SetPattern(const RawOption& option, std::optional<std::string>& target) {
  target = option.text;
  return OkStatus();
}

template <int64_t kLeast>
Status SetCountFrom(const RawOption& option, int64_t& target) {
  return SetCount(option, kLeast, target);
}

template <class Columns>
Status SetColumns(const RawOption& option, Columns& target) {
  ASSIGN_OR_RETURN(target, ParseColumns(option));
  return OkStatus();
}

// A setter of one member of the options, and of their CSV part.
template <auto kSet, auto kMember>
Status Into(const RawOption& option, FileSourceOptions& out) {
  return kSet(option, out.*kMember);
}
template <auto kSet, auto kMember>
Status IntoCsv(const RawOption& option, FileSourceOptions& out) {
  return kSet(option, out.csv.*kMember);
}

using Source = FileSourceOptions;
using Csv = CsvOptions;
constexpr KnownOption kOptions[] = {
    {"format", Into<SetFormat, &Source::format>},
    {"delimiter", IntoCsv<SetCharacter, &Csv::delimiter>},
    {"sep", IntoCsv<SetCharacter, &Csv::delimiter>},
    {"quote", IntoCsv<SetCharacter, &Csv::quote>},
    {"escape", IntoCsv<SetCharacter, &Csv::escape>},
    {"comment", SetComment},
    {"header", IntoCsv<SetBoolean, &Csv::header>},
    {"nullValue", IntoCsv<SetText, &Csv::null_value>},
    {"multiLine", IntoCsv<SetBoolean, &Csv::multi_line>},
    {"mode", IntoCsv<SetMode, &Csv::mode>},
    {"skipRows", IntoCsv<SetCountFrom<0>, &Csv::skip_rows>},
    {"encoding", IntoCsv<SetEncoding, &Csv::encoding>},
    {"charset", IntoCsv<SetEncoding, &Csv::encoding>},
    {"ignoreLeadingWhiteSpace", IntoCsv<SetBoolean, &Csv::ignore_leading_white_space>},
    {"ignoreTrailingWhiteSpace", IntoCsv<SetBoolean, &Csv::ignore_trailing_white_space>},
    {"schemaHints", Into<SetColumns<Schema>, &Source::schema_hints>},
    {"schema", Into<SetColumns<std::optional<Schema>>, &Source::schema>},
    {"schemaEvolutionMode", Into<SetEvolutionMode, &Source::schema_evolution_mode>},
    {"rescuedDataColumn", SetRescuedColumn},
    {"pathGlobFilter", Into<SetPattern, &Source::path_glob_filter>},
    {"fileNamePattern", Into<SetPattern, &Source::path_glob_filter>},
    {"maxFilesPerTrigger", Into<SetCountFrom<1>, &Source::max_files_per_trigger>},
    {"maxBytesPerTrigger", Into<SetByteSize, &Source::max_bytes_per_trigger>},
    {"includeExistingFiles", SetExistingFiles},
    {"allowOverwrites", Into<SetBoolean, &Source::allow_overwrites>},
    {"inferColumnTypes", SetInference},
};

// The name without `cloudFiles.`, in lower case.
std::string PlainName(std::string_view name) {
  std::string lower = ToLower(name);
  if (lower.starts_with(kPrefix)) {
    lower.erase(0, kPrefix.size());
  }
  return lower;
}

const KnownOption* FindOption(std::string_view plain_name) {
  for (const KnownOption& option : kOptions) {
    if (EqualsIgnoreCase(option.name, plain_name)) {
      return &option;
    }
  }
  return nullptr;
}

// Two names of one option have the same setter.
const RawOption* FindEarlier(const std::vector<RawOption>& options, size_t index,
                             const KnownOption& known) {
  for (size_t i = 0; i < index; ++i) {
    const KnownOption* const earlier = FindOption(PlainName(options[i].name));
    if (earlier != nullptr && earlier->set == known.set) {
      return &options[i];
    }
  }
  return nullptr;
}

Error UnknownOption(const RawOption& option) {
  const std::string plain = PlainName(option.name);
  for (const std::string_view later : kLaterOptions) {
    if (EqualsIgnoreCase(later, plain)) {
      return Error(
          ErrorCode::kUnsupported,
          fmt::format("option `{}` of read_files is not supported yet: remove it", option.name));
    }
  }
  std::vector<std::string> names;
  for (const KnownOption& known : kOptions) {
    names.emplace_back(known.name);
  }
  names.insert(names.end(), std::begin(kLaterOptions), std::end(kLaterOptions));
  const std::optional<std::string> nearest = NearestName(plain, names);
  return Error(ErrorCode::kSpecification,
               fmt::format("unknown option of read_files: `{}`{}", option.name,
                           nearest ? fmt::format(", did you mean `{}`?", *nearest) : ""))
      .WithCondition("CF_UNKNOWN_OPTION_KEYS_ERROR");
}

Status SetOption(const std::vector<RawOption>& options, size_t index, FileSourceOptions& parsed) {
  const RawOption& option = options[index];
  const KnownOption* const known = FindOption(PlainName(option.name));
  if (known == nullptr) {
    return UnknownOption(option);
  }
  if (const RawOption* const earlier = FindEarlier(options, index, *known)) {
    return Error(ErrorCode::kSpecification,
                 fmt::format("option `{}` is given twice, first as `{}`: remove one", option.name,
                             earlier->name));
  }
  return known->set(option, parsed);
}

bool Given(const std::vector<RawOption>& options, std::string_view name) {
  return std::any_of(options.begin(), options.end(), [&](const RawOption& option) {
    return EqualsIgnoreCase(PlainName(option.name), name);
  });
}

// Defaults that depend on other options (Databricks, "Configure schema inference and evolution"): a
// given schema does not evolve, and without evolution nothing is rescued unless a column is named.
void ApplyDependentDefaults(const std::vector<RawOption>& options, FileSourceOptions& parsed) {
  if (parsed.schema && !Given(options, "schemaEvolutionMode")) {
    parsed.schema_evolution_mode = SchemaEvolutionMode::kNone;
  }
  if (parsed.schema_evolution_mode == SchemaEvolutionMode::kNone &&
      !Given(options, "rescuedDataColumn")) {
    parsed.rescued_data_column.reset();
  }
}

// A delimiter that is also the quote would make every record ambiguous.
Status CheckTogether(const FileSourceOptions& parsed) {
  if (parsed.csv.delimiter == parsed.csv.quote) {
    return Error(ErrorCode::kSpecification,
                 fmt::format("options `delimiter` and `quote` are the same character: {}",
                             parsed.csv.quote));
  }
  if (parsed.csv.mode == ParseMode::kDropMalformed && !parsed.rescued_data_column) {
    return Error(ErrorCode::kUnsupported,
                 "mode DROPMALFORMED without rescued data is not supported yet: set "
                 "`rescuedDataColumn` to keep values that do not fit their type");
  }
  if (parsed.schema && parsed.schema_hints.size() > 0) {
    return Error(ErrorCode::kSpecification,
                 "options `schema` and `schemaHints` exclude each other: hints are for inference");
  }
  if (parsed.schema && parsed.schema_evolution_mode == SchemaEvolutionMode::kAddNewColumns) {
    return Error(ErrorCode::kSpecification,
                 "schemaEvolutionMode 'addNewColumns' is not allowed with `schema`; use "
                 "`schemaHints` for the columns whose type matters");
  }
  return OkStatus();
}

}  // namespace

Result<FileSourceOptions> ParseFileSourceOptions(const std::vector<RawOption>& options,
                                                 size_t* failed_index) {
  FileSourceOptions parsed;
  for (size_t i = 0; i < options.size(); ++i) {
    Status status = SetOption(options, i, parsed);
    if (!status) {
      if (failed_index != nullptr) {
        *failed_index = i;
      }
      return std::move(status).error();
    }
  }
  ApplyDependentDefaults(options, parsed);
  RETURN_IF_ERROR(CheckTogether(parsed));
  return parsed;
}

}  // namespace medallion::ingest
