# ecert_library(name SOURCES_DIR [dependency...]): one static library a folder; new .cpp files are found by themselves.
# ecert_tests(name dependency...): every *_test.cpp below the calling folder, in one program.
# ecert_python_tests(): every *_test.py of the calling folder, one ctest entry a file.
# ecert_python_test(entry module [LABEL label] [CONFIGURATIONS c...] [ENVIRONMENT v=x...]): one of them once more, otherwise.
# ecert_links_no(program forbidden): fails configure when the program links, near or far, a library of that name.
# ecert_every_test_has_a_target(): a *_test.cpp that no program builds, or a *_test.py that nothing runs, fails configure.

add_library(ecert_options INTERFACE)
target_include_directories(ecert_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(ecert_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers
                                               $<$<BOOL:${ECERT_WERROR}>:-Werror>)
# -gsplit-dwarf: a Beast session's object is 44 MB with its debug information inside, 3.6 MB without.
target_compile_options(ecert_options INTERFACE $<$<CONFIG:Debug>:-O1 -gsplit-dwarf>)
target_compile_definitions(ecert_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                                   BOOST_ASIO_NO_DEPRECATED SPDLOG_FMT_EXTERNAL)
target_link_libraries(ecert_options INTERFACE Threads::Threads fmt::fmt)
target_link_options(ecert_options INTERFACE -fuse-ld=lld)
if(ECERT_SANITIZE)
  target_compile_options(ecert_options INTERFACE -fsanitize=${ECERT_SANITIZE} -fno-omit-frame-pointer
                                                 -fno-sanitize-recover=all)
  target_link_options(ecert_options INTERFACE -fsanitize=${ECERT_SANITIZE})
endif()

set(ECERT_SANITIZER_OPTIONS "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/sanitizers/tsan.supp:exitcode=66:die_after_fork=0")

function(ecert_library name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "_main\\.cpp$|/ecert_hub\\.cpp$|/ecert_adapter\\.cpp$")
  if(sources)
    add_library(ecert_${name} STATIC ${sources})
    target_link_libraries(ecert_${name} PUBLIC ecert_options ${ARGN})
  else()
    add_library(ecert_${name} INTERFACE)
    target_link_libraries(ecert_${name} INTERFACE ecert_options ${ARGN})
  endif()
  # Known as a header set, each header can be compiled alone: -DCMAKE_VERIFY_INTERFACE_HEADER_SETS=ON and the target
  # all_verify_interface_header_sets.
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  if(headers)
    target_sources(ecert_${name} INTERFACE FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  endif()
endfunction()

define_property(GLOBAL PROPERTY ECERT_TEST_SOURCES)

function(ecert_tests name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  set_property(GLOBAL APPEND PROPERTY ECERT_TEST_SOURCES ${sources})
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ecert_options ${ARGN} GTest::gmock GTest::gtest_main)
  # What is tested keeps its optimisation; the tests themselves compile in half the time without.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  target_compile_definitions(${name} PRIVATE ECERT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 ENVIRONMENT "${ECERT_SANITIZER_OPTIONS}")
endfunction()

function(ecert_python_test entry module)
  cmake_parse_arguments(PARSE_ARGV 2 with "" "LABEL" "CONFIGURATIONS;ENVIRONMENT")
  add_test(NAME ${entry} COMMAND /usr/bin/python3 -B -m unittest -v ${module} CONFIGURATIONS ${with_CONFIGURATIONS}
           WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(${entry} PROPERTIES TIMEOUT 900 LABELS ${with_LABEL} ENVIRONMENT
    "${ECERT_SANITIZER_OPTIONS};ECERT_SOURCE=${PROJECT_SOURCE_DIR};ECERT_BUILD=${PROJECT_BINARY_DIR};PYTHONPATH=${PROJECT_SOURCE_DIR}/deploy/demo:${PROJECT_SOURCE_DIR}/tests/integration;${with_ENVIRONMENT}")
endfunction()

function(ecert_python_tests)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.py)
  set_property(GLOBAL APPEND PROPERTY ECERT_TEST_SOURCES ${files})
  get_filename_component(kind ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    ecert_python_test(${kind}_${name} ${name} LABEL ${kind})
  endforeach()
endfunction()

function(ecert_links_no program forbidden)
  set(waiting ${program})
  set(seen "")
  while(waiting)
    list(POP_FRONT waiting at)
    if(at IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${at})
    if(at MATCHES "${forbidden}")
      message(FATAL_ERROR "${program} must not link ${at}")
    endif()
    if(TARGET ${at})
      foreach(kind LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
        get_target_property(more ${at} ${kind})
        if(more)
          list(APPEND waiting ${more})
        endif()
      endforeach()
    endif()
  endwhile()
endfunction()

function(ecert_every_test_has_a_target)
  file(GLOB_RECURSE written CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/*_test.cpp ${PROJECT_SOURCE_DIR}/*_test.py)
  get_property(built GLOBAL PROPERTY ECERT_TEST_SOURCES)
  foreach(source IN LISTS written)
    if(NOT source IN_LIST built AND NOT source MATCHES "^${PROJECT_SOURCE_DIR}/build/")
      message(FATAL_ERROR "${source} is in no test program: it would never run")
    endif()
  endforeach()
endfunction()
