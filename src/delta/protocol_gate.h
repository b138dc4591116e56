#pragma once

#include <set>
#include <string>

#include "base/result.h"
#include "delta/actions.h"

namespace medallion::delta {

// What we may do with a table, by its protocol. Delta protocol, "Table Features": a reader that
// does not know a reader feature must not read, a writer that does not know a writer feature must
// not write. Legacy version numbers imply features.

// kUnsupported naming every feature that keeps us from reading. Some features keep us only when the
// metadata uses them (column mapping with mode `none` is none).
Status CheckReadable(const Protocol& protocol, const Metadata& metadata);

// kUnsupported naming every feature that keeps us from writing.
Status CheckWritable(const Protocol& protocol, const Metadata& metadata);

// Every feature that the protocol turns on, also by its legacy numbers.
std::set<std::string> EffectiveFeatures(const Protocol& protocol);

// The least protocol for a table of ours with this metadata, not below `current`: reader 1, writer
// 2 unless a column needs more. kUnsupported naming what the metadata asks for and we do not write.
Result<Protocol> ProtocolFor(const Metadata& metadata, const Protocol& current);

}  // namespace medallion::delta
