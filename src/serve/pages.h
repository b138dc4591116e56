#pragma once

#include "http_message.h"

namespace medallion::serve {

// The pages: files within the program. A path that is no file and has no dot in its last part is a
// page of the single-page program, whose one document knows all of them.
HttpResponse AnswerPage(const HttpRequest& request);

// Whether the client takes gzip.
bool AcceptsGzip(const HttpRequest& request);
// Whether the client has the version with this tag already.
bool HasVersion(const HttpRequest& request, std::string_view etag);

}  // namespace medallion::serve
