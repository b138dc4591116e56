#include "csv_row_reader.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "text_encoding.h"

namespace medallion::ingest {
namespace {

// Bounds the memory of a batch of very wide records.
constexpr size_t kFieldsPerBatchMax = 1 << 18;
constexpr size_t kExcerptBytes = 200;

// Spark's name for the text of a record that could not be split.
constexpr std::string_view kCorruptRecord = "_corrupt_record";

std::string FileName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

void SetNull(ColumnVector& column, size_t row, size_t row_count) {
  if (column.nulls.empty()) {
    column.nulls.assign(row_count, 0);
  }
  column.nulls[row] = 1;
}

void SetAllNull(const DataType& type, ColumnVector& column, size_t row_count);

// Sizes the payload that the type uses; see ColumnVector.
void SizePayload(const DataType& type, ColumnVector& column, size_t row_count) {
  column.nulls.clear();
  switch (type.kind()) {
    case TypeKind::kString: column.strings.resize(row_count); return;
    case TypeKind::kFloat:
    case TypeKind::kDouble: column.doubles.resize(row_count); return;
    case TypeKind::kDecimal:
      if (type.precision() > 18) {
        column.int128s.resize(row_count);
        return;
      }
      [[fallthrough]];
    default: column.int64s.resize(row_count);
  }
}

void SetAllNull(const DataType& type, ColumnVector& column, size_t row_count) {
  SizePayload(type, column, row_count);
  column.nulls.assign(row_count, 1);
}

}  // namespace

CsvRowReader::CsvRowReader(std::unique_ptr<LandedText> text, CsvRowPlan plan,
                           SharedCounters& counters)
    : text_(std::move(text)),
      plan_(std::move(plan)),
      counters_(counters),
      reader_(*text_, plan_.options.csv, plan_.block_bytes),
      file_uri_(FileUri(plan_.file.path)),
      file_name_(PercentEncode(FileName(plan_.file.path))) {}

Result<std::unique_ptr<CsvRowReader>> CsvRowReader::Open(std::unique_ptr<LandedText> text,
                                                         CsvRowPlan plan,
                                                         SharedCounters& counters) {
  std::unique_ptr<CsvRowReader> reader(
      new CsvRowReader(std::move(text), std::move(plan), counters));
  RETURN_IF_ERROR(reader->Bind());
  return reader;
}

std::optional<size_t> CsvRowReader::OutputOf(size_t column) const {
  const auto found = std::find(plan_.columns.begin(), plan_.columns.end(), column);
  return found == plan_.columns.end()
             ? std::nullopt
             : std::optional<size_t>(static_cast<size_t>(found - plan_.columns.begin()));
}

// Matches the file's columns to the schema's.
Status CsvRowReader::Bind() {
  const std::optional<size_t> rescued_column =
      plan_.options.rescued_data_column ? plan_.schema.IndexOf(*plan_.options.rescued_data_column)
                                        : std::nullopt;
  rescued_output_ = rescued_column ? OutputOf(*rescued_column) : std::nullopt;
  rescues_ = rescued_output_.has_value();
  ASSIGN_OR_RETURN(const std::optional<CsvHeader> header, ReadHeader(reader_, plan_.options.csv));
  if (!header) {
    done_ = true;
    return OkStatus();
  }
  header_records_ = reader_.record_count();
  width_ = header->columns.size();
  width_required_ = header->names().size();
  rows_max_ = std::clamp<size_t>(kFieldsPerBatchMax / width_, 1, ColumnBatch::kRowsMax);
  std::vector<std::optional<size_t>> schema_columns(width_);
  for (size_t column = 0, position = 0; column < plan_.schema.size(); ++column) {
    if (column == rescued_column) {
      continue;
    }
    const std::optional<size_t> field = plan_.options.csv.header
                                            ? header->IndexOf(plan_.schema[column].name)
                                        : position < width_ ? std::optional<size_t>(position)
                                                            : std::nullopt;
    ++position;
    if (field) {
      schema_columns[*field] = column;
    } else if (const std::optional<size_t> output = OutputOf(column)) {
      absent_outputs_.push_back(*output);
    }
  }
  for (size_t field = 0; field < width_; ++field) {
    BindField(field, schema_columns[field]);
    if (!schema_columns[field] && rescues_) {
      bindings_.push_back({field, header->columns[field].name, DataType::String(), {}, false});
    }
  }
  return OkStatus();
}

void CsvRowReader::BindField(size_t field, std::optional<size_t> schema_column) {
  if (!schema_column) {
    return;
  }
  const Field& column = plan_.schema[*schema_column];
  const std::optional<size_t> output = OutputOf(*schema_column);
  // Without rescue, FAILFAST must still see values that do not fit.
  const bool checked = rescues_ || plan_.options.csv.mode == ParseMode::kFailFast;
  if (output || checked) {
    bindings_.push_back({field, column.name, column.type, output, true});
  }
}

Status CsvRowReader::Next(ColumnBatch& batch) {
  batch.row_count = 0;
  batch.columns.resize(plan_.columns.size());
  arena_.release();
  if (Status gathered = Gather(); !gathered) {
    return std::move(gathered).error().Context("reading " + plan_.file.path);
  }
  batch.row_count = rows_.size();
  if (rescues_) {
    rescued_.resize(std::max(rescued_.size(), rows_.size()));
    std::for_each(rescued_.begin(), rescued_.end(), [](RescuedData& data) { data.Clear(); });
  }
  for (const Binding& binding : bindings_) {
    RETURN_IF_ERROR(Convert(binding, binding.output ? batch.columns[*binding.output] : scratch_));
  }
  for (const size_t output : absent_outputs_) {
    SetAllNull(plan_.schema[plan_.columns[output]].type, batch.columns[output], rows_.size());
  }
  for (size_t i = 0; i < plan_.columns.size(); ++i) {
    if (plan_.columns[i] >= plan_.schema.size()) {
      FillMetadata(plan_.metadata_fields[plan_.columns[i] - plan_.schema.size()], batch.columns[i]);
    }
  }
  if (rescues_) {
    RescueMalformedRows();
    FillRescued(batch.columns[*rescued_output_]);
  }
  Count();
  return OkStatus();
}

// Collects the next rows: as many as are whole in the reader's buffer, at most rows_max_.
Status CsvRowReader::Gather() {
  rows_.clear();
  fields_.clear();
  surplus_.clear();
  notes_.clear();
  notes_.reserve(rows_max_);  // `raw` views point into it
  if (done_) {
    return OkStatus();
  }
  RETURN_IF_ERROR(reader_.BeginBatch());
  Record record;
  while (rows_.size() < rows_max_) {
    ASSIGN_OR_RETURN(const RecordReader::Outcome outcome, reader_.Next(record));
    if (outcome == RecordReader::Outcome::kRecord) {
      RETURN_IF_ERROR(AddRow(record));
      if (record.fault == RecordFault::kTooLong) {
        break;  // passing over it refilled the buffer
      }
    } else if (outcome == RecordReader::Outcome::kEnd) {
      done_ = true;
      return text_->CheckUnchanged();
    } else if (!rows_.empty()) {
      break;
    } else {
      RETURN_IF_ERROR(reader_.BeginBatch());
    }
  }
  return OkStatus();
}

Status CsvRowReader::AddRow(const Record& record) {
  const std::span<const FieldRef> fields = reader_.fields();
  const bool has_surplus =
      fields.size() > width_ &&
      std::any_of(fields.begin() + static_cast<ptrdiff_t>(width_), fields.end(),
                  [](const FieldRef& field) { return field.size > 0; });
  const bool corrupt = record.fault != RecordFault::kNone || fields.size() < width_required_;
  if (corrupt || has_surplus) {
    if (plan_.options.csv.mode == ParseMode::kFailFast) {
      return Malformed(record, fields.size());
    }
    if (plan_.options.csv.mode == ParseMode::kDropMalformed) {
      ++counters_.records_malformed_dropped;
      return OkStatus();
    }
  }
  Row row = {record.number - header_records_, record.line, record.raw, corrupt};
  if (record.fault == RecordFault::kTooLong) {
    notes_.push_back(record.note);
    row.raw = notes_.back();
  }
  rows_.push_back(row);
  const size_t taken = std::min(fields.size(), width_);
  fields_.insert(fields_.end(), fields.begin(), fields.begin() + static_cast<ptrdiff_t>(taken));
  fields_.resize(rows_.size() * width_);
  if (has_surplus && rescues_) {
    AddSurplus(fields);
  }
  return OkStatus();
}

void CsvRowReader::AddSurplus(std::span<const FieldRef> fields) {
  for (size_t i = width_; i < fields.size(); ++i) {
    if (fields[i].size > 0) {
      surplus_.push_back({rows_.size() - 1, i, fields[i]});
    }
  }
}

Error CsvRowReader::Malformed(const Record& record, size_t field_count) const {
  std::string what = fmt::format("{} fields where the header has {}", field_count, width_required_);
  switch (record.fault) {
    case RecordFault::kUnclosedQuote: what = "a quote that is never closed"; break;
    case RecordFault::kTooManyColumns:
      what = fmt::format("more than {} fields", kColumnsMax);
      break;
    case RecordFault::kTooLong:
      what = "a record longer than " + std::to_string(kRecordBytesMax >> 20U) + " MiB";
      break;
    case RecordFault::kNone: break;
  }
  const std::string_view excerpt = record.raw.substr(0, kExcerptBytes);
  return Error(
             ErrorCode::kData,
             fmt::format("malformed record: {}, at {}:{} (record {}); mode PERMISSIVE would rescue "
                         "it: {}",
                         what, plan_.file.path, record.line, record.number - header_records_,
                         IsValidUtf8(excerpt) ? std::string(excerpt) : HexText(excerpt)))
      .WithCondition("MALFORMED_RECORD_IN_PARSING");
}

std::string_view CsvRowReader::Text(const FieldRef& field) {
  if (!field.escaped) {
    return reader_.Raw(field);
  }
  char* const text = static_cast<char*>(arena_.allocate(field.size, 1));
  return {text, reader_.Unescape(field, text)};
}

void CsvRowReader::Rescue(size_t row, const Binding& binding, std::string_view text) {
  if (!rescues_) {
    return;
  }
  if (text.size() > kFieldBytesMax) {
    rescued_[row].Add(binding.rescue_name, DescribeLongText(text));
  } else {
    rescued_[row].Add(binding.rescue_name, text);
  }
}

// Calls `store(row, text)`, which says what became of the value, for every value that is not null.
template <class Store>
Status CsvRowReader::ConvertEach(const Binding& binding, ColumnVector& column, Store store) {
  const size_t row_count = rows_.size();
  const std::string_view null_value = plan_.options.csv.null_value;
  const bool suspect = reader_.may_hold_invalid_utf8();
  const FieldRef* field = fields_.data() + binding.field;
  for (size_t row = 0; row < row_count; ++row, field += width_) {
    if (field->size == FieldRef::kMissing || (field->size == 0 && !field->quoted)) {
      SetNull(column, row, row_count);
      continue;
    }
    const std::string_view text = Text(*field);
    if (text == null_value) {
      SetNull(column, row, row_count);
      continue;
    }
    Parsed parsed = Parsed::kInvalid;
    if (text.size() <= kFieldBytesMax && (!suspect || IsValidUtf8(text))) {
      parsed = store(row, text);
    }
    if (parsed == Parsed::kExact) {
      continue;
    }
    Rescue(row, binding, text);
    if (parsed == Parsed::kInvalid) {
      SetNull(column, row, row_count);
      if (!rescues_ && plan_.options.csv.mode == ParseMode::kFailFast) {
        return Error(ErrorCode::kData,
                     fmt::format("value does not fit {} in column `{}`, at {}:{} (record {}): {}",
                                 binding.type.ToDdl(), binding.rescue_name, plan_.file.path,
                                 rows_[row].line, rows_[row].number, text.substr(0, kExcerptBytes)))
            .WithCondition("MALFORMED_RECORD_IN_PARSING");
      }
    }
  }
  return OkStatus();
}

Status CsvRowReader::Convert(const Binding& binding, ColumnVector& column) {
  const DataType& type = binding.type;
  const TypeKind kind = type.kind();
  SizePayload(type, column, rows_.size());
  if (!binding.known) {
    return ConvertEach(binding, column, [](size_t, std::string_view) { return Parsed::kInexact; });
  }
  switch (kind) {
    case TypeKind::kString:
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        column.strings[row] = text;
        return Parsed::kExact;
      });
    case TypeKind::kBoolean:
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        return ParseBoolean(text, column.int64s[row]);
      });
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        return ParseInteger(text, kind, column.int64s[row]);
      });
    case TypeKind::kDecimal:
      if (type.precision() > 18) {
        return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
          return ParseWideDecimal(text, type.precision(), type.scale(), column.int128s[row]);
        });
      }
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        return ParseDecimal(text, type.precision(), type.scale(), column.int64s[row]);
      });
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        return ParseDouble(text, kind, column.doubles[row]);
      });
    case TypeKind::kDate:
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        return ParseDate(text, column.int64s[row]);
      });
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return ConvertEach(binding, column, [&](size_t row, std::string_view text) {
        return ParseTimestamp(text, kind, column.int64s[row]);
      });
    default:
      return Error(ErrorCode::kUnsupported, fmt::format("column `{}` cannot be read from CSV as {}",
                                                        binding.rescue_name, type.ToDdl()));
  }
}

// After the columns, so that their values come first.
void CsvRowReader::RescueMalformedRows() {
  for (const Surplus& surplus : surplus_) {
    const Binding binding = {.field = surplus.index,
                             .rescue_name = fmt::format("_c{}", surplus.index)};
    Rescue(surplus.row, binding, Text(surplus.field));
  }
  const Binding whole = {.rescue_name = std::string(kCorruptRecord)};
  for (size_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].corrupt) {
      Rescue(row, whole, rows_[row].raw);
    }
  }
}

void CsvRowReader::FillRescued(ColumnVector& column) {
  SizePayload(DataType::String(), column, rows_.size());
  for (size_t row = 0; row < rows_.size(); ++row) {
    if (rescued_[row].empty()) {
      SetNull(column, row, rows_.size());
    } else {
      column.strings[row] = rescued_[row].Finish(file_uri_);
      ++counters_.records_rescued;
    }
  }
}

void CsvRowReader::FillMetadata(const std::string& name, ColumnVector& column) const {
  const size_t row_count = rows_.size();
  column.nulls.clear();
  if (EqualsIgnoreCase(name, "file_path")) {
    column.strings.assign(row_count, file_uri_);
  } else if (EqualsIgnoreCase(name, "file_name")) {
    column.strings.assign(row_count, file_name_);
  } else if (EqualsIgnoreCase(name, "file_modification_time")) {
    column.int64s.assign(row_count, plan_.file.modified_micros);
  } else if (EqualsIgnoreCase(name, "file_block_start")) {
    column.int64s.assign(row_count, 0);  // a file is one block: it is never read in parts
  } else if (EqualsIgnoreCase(name, "record_number")) {
    column.int64s.resize(row_count);
    std::transform(rows_.begin(), rows_.end(), column.int64s.begin(),
                   [](const Row& row) { return row.number; });
  } else {  // file_size, file_block_length
    column.int64s.assign(row_count, static_cast<int64_t>(plan_.file.size_bytes));
  }
}

void CsvRowReader::Count() {
  counters_.records_read += static_cast<int64_t>(rows_.size());
  counters_.bytes_read += static_cast<int64_t>(reader_.bytes_read() - counted_bytes_);
  counters_.blank_lines += reader_.blank_lines() - counted_blanks_;
  counted_bytes_ = reader_.bytes_read();
  counted_blanks_ = reader_.blank_lines();
}

}  // namespace medallion::ingest
