# Every third-party target. Packages of the distribution come as its suite gives them; DuckDB is
# pinned by version and hash. Third-party headers are SYSTEM, so our warnings do not apply to them.
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(simdjson REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED)  # headers: Asio and Beast
find_package(date REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)

# --- DuckDB -------------------------------------------------------------------------------------
set(MEDALLION_DUCKDB_VERSION 1.4.4)
set(MEDALLION_DUCKDB_LIBRARY_SHA256 1ef33048e12235115ac0d277a0aaccbb560e33248144f488b5ac005cd9ba81b5)
set(MEDALLION_DUCKDB_HEADER_SHA256 cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281)

if(DEFINED ENV{MEDALLION_CACHE})
  set(medallion_cache $ENV{MEDALLION_CACHE})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(medallion_cache $ENV{XDG_CACHE_HOME}/medallion)
else()
  set(medallion_cache $ENV{HOME}/.cache/medallion)
endif()
set(MEDALLION_DUCKDB_DIR ${medallion_cache}/duckdb-${MEDALLION_DUCKDB_VERSION})

if(NOT EXISTS ${MEDALLION_DUCKDB_DIR})
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/third_party/duckdb/fetch.sh ${MEDALLION_DUCKDB_DIR}
                  RESULT_VARIABLE fetch_result)
  if(NOT fetch_result EQUAL 0)
    message(FATAL_ERROR "DuckDB ${MEDALLION_DUCKDB_VERSION} could not be fetched (see above)")
  endif()
endif()

function(medallion_require_hash file expected)
  file(SHA256 ${file} actual)
  if(NOT actual STREQUAL expected)
    message(FATAL_ERROR "${file} is not the file that was pinned:\n  expected ${expected}\n  found    "
      "${actual}\nRemove its folder and configure again.")
  endif()
endfunction()
medallion_require_hash(${MEDALLION_DUCKDB_DIR}/libduckdb.so ${MEDALLION_DUCKDB_LIBRARY_SHA256})
medallion_require_hash(${MEDALLION_DUCKDB_DIR}/duckdb.h ${MEDALLION_DUCKDB_HEADER_SHA256})

# The library is copied beside the program, which finds it by $ORIGIN.
configure_file(${MEDALLION_DUCKDB_DIR}/libduckdb.so ${CMAKE_BINARY_DIR}/libduckdb.so COPYONLY)
add_library(duckdb SHARED IMPORTED)
add_library(duckdb::duckdb ALIAS duckdb)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION ${CMAKE_BINARY_DIR}/libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES ${MEDALLION_DUCKDB_DIR})
