#pragma once

#include <fstream>
#include <sstream>

#include "action_codec.h"
#include "delta/checkpoint_engine.h"

namespace medallion::delta::testing {

// Checkpoints as lines of JSON, in place of Parquet. Counts what it writes; can be made to fail.
class JsonCheckpointEngine final : public CheckpointEngine {
 public:
  Status ReadCheckpoint(const std::string& local_path,
                        const std::function<Status(Action)>& sink) override {
    std::ifstream file(local_path, std::ios::binary);
    std::stringstream body;
    body << file.rdbuf();
    if (!file) {
      return Error(ErrorCode::kIo, "cannot read " + local_path);
    }
    return ParseCommit(body.str(), sink);
  }

  Status WriteCheckpoint(const std::string& local_path,
                         const std::vector<Action>& actions) override {
    if (fails) {
      return Error(ErrorCode::kIo, "injected failure of the checkpoint engine");
    }
    ASSIGN_OR_RETURN(const std::string body, SerializeCommit(actions));
    std::ofstream file(local_path, std::ios::binary);
    file << body;
    file.close();
    return file ? OkStatus() : Status(Error(ErrorCode::kIo, "cannot write " + local_path));
  }

  bool fails = false;
};

}  // namespace medallion::delta::testing
