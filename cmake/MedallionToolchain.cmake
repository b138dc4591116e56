# Language level, warnings, sanitizers and the compiler cache: what every target of ours shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Everywhere, so that every module can share one precompiled header.
add_compile_options(-pthread)

# The program finds its libraries relative to itself, so an installed folder can be moved.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

set(MEDALLION_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined")

add_library(medallion_warnings INTERFACE)
add_library(medallion::warnings ALIAS medallion_warnings)
target_compile_options(medallion_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -Wconversion -Wno-sign-conversion -Wimplicit-fallthrough)
# Off in ./run: a user's compiler may warn of what ours does not.
option(MEDALLION_WERROR "Warnings of our own code are errors" ON)
if(MEDALLION_WERROR)
  target_compile_options(medallion_warnings INTERFACE -Werror)
endif()
# GCC 12 reports false positives of these inside inlined std::string and std::variant code when it
# optimises (GCC bugs 105329, 105593 and 105651); every other warning stays an error.
target_compile_options(medallion_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                                                    $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
                                                    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
                                                    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>
                                                    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)

# Designated initialisers name what differs from the defaults; the rest is meant to be left out.
target_compile_options(medallion_warnings INTERFACE -Wno-missing-field-initializers)

if(MEDALLION_SANITIZE)
  add_compile_options(-fsanitize=${MEDALLION_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MEDALLION_SANITIZE})
endif()

find_program(MEDALLION_CCACHE ccache)
if(MEDALLION_CCACHE)
  # Precompiled headers need the sloppiness; the base directory lets checkouts share one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    ${MEDALLION_CCACHE})
endif()

find_program(MEDALLION_MOLD mold)
if(MEDALLION_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
