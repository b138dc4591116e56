# Writes openapi.yaml into a source file, in pieces that a compiler takes as literals.
#
#   cmake -DYAML=… -DOUTPUT=… -P embed_openapi.cmake
file(READ ${YAML} text)
string(LENGTH "${text}" length)
set(pieces "")
set(begin 0)
while(begin LESS length)
  string(SUBSTRING "${text}" ${begin} 8000 piece)
  string(APPEND pieces "    R\"openapi(${piece})openapi\"\n")
  math(EXPR begin "${begin} + 8000")
endwhile()
file(WRITE ${OUTPUT} "#include \"openapi_text.h\"

namespace medallion::serve {

const std::string_view kOpenApiYaml =
${pieces};

}  // namespace medallion::serve
")
