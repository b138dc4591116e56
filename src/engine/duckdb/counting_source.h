#pragma once

#include <algorithm>

#include "base/row_source.h"

namespace medallion::duckdb::testing {

// A source of the rows 0 … rows-1 in several partitions: (n BIGINT, name STRING, price
// DECIMAL(10,2)). The name of every third row is NULL.
class CountingSource final : public RowSource {
 public:
  CountingSource(int64_t rows, size_t partitions) : rows_(rows), partitions_(partitions) {}

  const Schema& schema() const override { return schema_; }
  size_t partition_count() const override { return partitions_; }
  Result<std::unique_ptr<RowReader>> Open(size_t partition,
                                          const std::vector<size_t>& columns) const override {
    if (fail_at_ && *fail_at_ == partition) {
      return Error(ErrorCode::kCorruption, "the file is torn").WithCondition("FAILED_READ_FILE");
    }
    return std::make_unique<Reader>(*this, partition, columns);
  }
  void FailAt(size_t partition) { fail_at_ = partition; }

 private:
  class Reader final : public RowReader {
   public:
    Reader(const CountingSource& source, size_t partition, std::vector<size_t> columns)
        : columns_(std::move(columns)),
          next_(source.rows_ * static_cast<int64_t>(partition) /
                static_cast<int64_t>(source.partitions_)),
          end_(source.rows_ * static_cast<int64_t>(partition + 1) /
               static_cast<int64_t>(source.partitions_)) {}

    Status Next(ColumnBatch& batch) override {
      const auto count =
          static_cast<size_t>(std::min<int64_t>(end_ - next_, ColumnBatch::kRowsMax));
      batch.row_count = count;
      batch.columns.assign(columns_.size(), {});
      names_.clear();
      names_.reserve(count);
      for (size_t i = 0; i < columns_.size(); ++i) {
        ColumnVector& column = batch.columns[i];
        for (size_t row = 0; row < count; ++row) {
          const int64_t n = next_ + static_cast<int64_t>(row);
          switch (columns_[i]) {
            case 0: column.int64s.push_back(n); break;
            case 1:
              names_.push_back("name" + std::to_string(n));
              column.strings.push_back(names_.back());
              column.nulls.push_back(n % 3 == 0 ? 1 : 0);
              break;
            default: column.int64s.push_back(n * 101); break;
          }
        }
      }
      next_ += static_cast<int64_t>(count);
      return {};
    }

   private:
    std::vector<size_t> columns_;
    int64_t next_;
    int64_t end_;
    std::vector<std::string> names_;
  };

  int64_t rows_;
  size_t partitions_;
  std::optional<size_t> fail_at_;
  Schema schema_{
      {{"n", DataType::Long()}, {"name", DataType::String()}, {"price", DataType::Decimal(10, 2)}}};
};

}  // namespace medallion::duckdb::testing
