# Qt's headers are most of what a file costs to compile: read once for many. Off in the daily build
# and under clang-tidy, where a file that does not include what it uses fails.
option(PATCHBOARD_PCH "Precompile the headers of Qt" OFF)

# patchboard_precompile(TARGET HEADER... | REUSE_FROM OTHER): OTHER is compiled with the same
# options and with no definition that TARGET lacks.
function(patchboard_precompile target)
    if(NOT PATCHBOARD_PCH)
        return()
    endif()
    if(ARGV1 STREQUAL "REUSE_FROM")
        target_precompile_headers(${target} REUSE_FROM ${ARGV2})
    else()
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()
