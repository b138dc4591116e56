# Writes build_info.cc with the revision that is checked out now; leaves the file alone if nothing
# changed, so that only a new revision recompiles it.
#
#   cmake -DOUTPUT=… -DSOURCE_DIR=… -DVERSION=… -DBUILD_TYPE=… -DCOMPILER=… -P build_info.cmake
set(revision unknown)
find_program(git git)
if(git)
  execute_process(COMMAND ${git} -C ${SOURCE_DIR} rev-parse --short=12 HEAD
                  OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    execute_process(COMMAND ${git} -C ${SOURCE_DIR} diff --quiet HEAD RESULT_VARIABLE changed ERROR_QUIET)
    set(revision ${head})
    if(changed)
      string(APPEND revision +)
    endif()
  endif()
endif()
set(text "#include \"build_info.h\"

namespace medallion::cli {

const BuildInfo& GetBuildInfo() {
  static constexpr BuildInfo kInfo = {\"${VERSION}\", \"${revision}\", \"${BUILD_TYPE}\", \"${COMPILER}\"};
  return kInfo;
}

}  // namespace medallion::cli
")
set(previous "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} previous)
endif()
if(NOT previous STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
