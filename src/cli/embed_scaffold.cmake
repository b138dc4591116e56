# Writes the files of scaffold/ into a source file as raw string literals.
#
#   cmake -DFOLDER=… -DOUTPUT=… -P embed_scaffold.cmake
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} body)
  set(path ${file})
  if(path STREQUAL "gitignore")
    set(path ".gitignore")
  endif()
  string(APPEND entries "    {\"${path}\", R\"scaffold(${body})scaffold\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"scaffold.h\"

namespace medallion::cli {

const std::vector<ScaffoldFile>& ScaffoldFiles() {
  static const std::vector<ScaffoldFile> kFiles = {
${entries}  };
  return kFiles;
}

}  // namespace medallion::cli
")
