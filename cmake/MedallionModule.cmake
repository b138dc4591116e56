# Off in ./run, which needs the program alone.
option(MEDALLION_TESTS "Build the tests" ON)
if(MEDALLION_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  include(GoogleTest)
endif()

# A module's files compiled sixteen at a time: headers and templates are read once for all of them,
# which halves the time of a whole build. Names in anonymous namespaces must differ within a module.
option(MEDALLION_UNITY "Compile the files of a module together" OFF)

# medallion_precompiled_header(TARGET HEADER LIBRARY…): a precompiled header that targets share
# through REUSE_FROM. GCC takes it only for code that is compiled alike, hence three of them.
function(medallion_precompiled_header target header)
  file(CONFIGURE OUTPUT ${target}.cc CONTENT "")
  add_library(${target} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${target}.cc)
  target_link_libraries(${target} PRIVATE fmt::fmt tl::expected medallion::warnings ${ARGN})
  target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/${header})
endfunction()
medallion_precompiled_header(medallion_pch pch.h)
medallion_precompiled_header(medallion_pch_hot pch.h)
target_compile_options(medallion_pch_hot PRIVATE $<$<CONFIG:Release>:-O2>)
if(MEDALLION_TESTS)
  medallion_precompiled_header(medallion_pch_test pch_test.h GTest::gmock_main)
  # As programs are compiled, not libraries.
  set_target_properties(medallion_pch_test PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(medallion_pch_test PRIVATE -fPIE)
endif()

# A layer or a part of one.
#
#   medallion_module(delta
#     SOURCES      snapshot.cc transaction.cc
#     TESTS        snapshot_test.cc transaction_test.cc
#     PUBLIC_DEPS  medallion::storage
#     PRIVATE_DEPS nlohmann_json::nlohmann_json)
#
# HOT: rows pass through it, so the release build optimises it fully; the rest is compiled with -O1,
# which takes a fifth less time to build and decides nothing that a run would notice.
#
# makes the library medallion::delta, whose users see only `include/`, and, if there are tests, the
# program medallion_delta_test, each of whose cases is a CTest test named `delta.Suite.Case`.
function(medallion_module name)
  cmake_parse_arguments(ARG "HOT" "" "SOURCES;TESTS;PUBLIC_DEPS;PRIVATE_DEPS;TEST_DEPS" ${ARGN})
  set(target medallion_${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(medallion::${name} ALIAS ${target})
  target_include_directories(${target} PUBLIC include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${target} PUBLIC ${ARG_PUBLIC_DEPS}
                                  PRIVATE ${ARG_PRIVATE_DEPS} medallion::warnings)
  if(ARG_HOT)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
    target_precompile_headers(${target} REUSE_FROM medallion_pch_hot)
  else()
    target_precompile_headers(${target} REUSE_FROM medallion_pch)
  endif()
  if(MEDALLION_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
  endif()
  if(ARG_TESTS AND MEDALLION_TESTS)
    set(test_target medallion_${name}_test)
    add_executable(${test_target} ${ARG_TESTS})
    target_include_directories(${test_target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${test_target} PRIVATE ${target} ${ARG_PRIVATE_DEPS} ${ARG_TEST_DEPS}
                                                 GTest::gmock_main medallion::warnings)
    target_compile_definitions(${test_target} PRIVATE MEDALLION_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_precompile_headers(${test_target} REUSE_FROM medallion_pch_test)
    gtest_discover_tests(${test_target} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
                         DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
