# Compiles through ccache where there is one. A launcher named on the command line stays, and
# -DPATCHBOARD_CCACHE= (empty) turns it off.
find_program(PATCHBOARD_CCACHE ccache DOC "The compiler cache; empty for none")
if(PATCHBOARD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${PATCHBOARD_CCACHE})
endif()
