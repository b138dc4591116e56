#include "problem.h"

#include "json.h"
#include "pipeline/diagnostic_json.h"

namespace medallion::serve {
namespace {

int HttpStatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kSpecification:
    case ErrorCode::kUnsupported: return 400;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kConflict:
    case ErrorCode::kPreconditionFailed: return 409;
    // The storage or the machine: it may be well again by the next try.
    case ErrorCode::kIo:
    case ErrorCode::kEnvironment:
    case ErrorCode::kNotDurable:
    case ErrorCode::kCommitUnknown:
    case ErrorCode::kRetriesExhausted:
    case ErrorCode::kCancelled: return 503;
    case ErrorCode::kCorruption:
    case ErrorCode::kData:
    case ErrorCode::kInternal: return 500;
  }
  return 500;
}

std::string_view TitleOf(int status) {
  switch (status) {
    case 400: return "The request is not right";
    case 401: return "An access token is needed";
    case 403: return "The request is not allowed";
    case 404: return "There is no such thing";
    case 405: return "Not with this method";
    case 409: return "Not in this state";
    case 413: return "The request is too large";
    case 415: return "The request has the wrong type";
    case 421: return "The request is for another host";
    case 429: return "Too many tries";
    case 503: return "Not now";
    default: return "The server failed";
  }
}

}  // namespace

Problem ProblemOf(const Error& error) {
  Problem problem{.status = HttpStatusOf(error.code()),
                  .code = error.condition().empty() ? std::string(ErrorCodeName(error.code()))
                                                    : error.condition(),
                  .detail = error.message(),
                  .diagnostics = error.diagnostics()};
  if (!problem.diagnostics.empty()) {
    problem.hints = problem.diagnostics.front().hints;
  }
  return problem;
}

HttpResponse ToResponse(const Problem& problem) {
  Json json = {{"type", "about:blank"},    {"title", TitleOf(problem.status)},
               {"status", problem.status}, {"detail", problem.detail},
               {"code", problem.code},     {"hints", problem.hints}};
  for (const Diagnostic& diagnostic : problem.diagnostics) {
    if (diagnostic.source) {
      json["diagnostics"].push_back(Json::parse(pipeline::DiagnosticJsonLine(diagnostic)));
      json["diagnostics"].back().erase("type");
    }
  }
  HttpResponse response;
  response.status = problem.status;
  response.Set("Content-Type", "application/problem+json");
  response.body = Dump(json);
  return response;
}

}  // namespace medallion::serve
