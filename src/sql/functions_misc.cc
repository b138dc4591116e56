#include "function_rules.h"
#include "function_table.h"

namespace medallion::sql {

// JSON, hashes, ids.
void AddMiscellaneousFunctions(FunctionTable& table) {
  table.push_back(Scalar("to_json", {"(any) -> string?"}));
  table.push_back(
      ScalarByRule("from_json", "(string, schema literal) -> the schema's type?", FromJsonRule));
  table.push_back(Scalar("get_json_object", {"(string, string) -> string?"}));
  table.push_back(Scalar("json_array_length", {"(string) -> int?"}));

  table.push_back(Scalar("md5", {"(binary) -> string"}));
  table.push_back(Scalar("sha1", {"(binary) -> string"}, {"sha"}));
  table.push_back(
      Scalar("sha2", {"(binary, int) -> string?"}));  // 0 is 256; NULL for unknown lengths
  table.push_back(Scalar("crc32", {"(binary) -> bigint"}));
  table.push_back(Scalar("hash", {"(any...) -> int!"}));         // Murmur3, seed 42
  table.push_back(Scalar("xxhash64", {"(any...) -> bigint!"}));  // seed 42

  for (const char* name : {"uuid", "monotonically_increasing_id"}) {
    FunctionEntry entry = Scalar(name, {name[0] == 'u' ? "() -> string!" : "() -> bigint!"});
    entry.deterministic = false;
    table.push_back(std::move(entry));
  }
  table.push_back(Scalar("typeof", {"(any) -> string!"}));  // analysed to a literal
}

}  // namespace medallion::sql
