# What every target of the project is compiled with.
add_library(patchboard_options INTERFACE)
target_include_directories(patchboard_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(patchboard_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_DISABLE_DEPRECATED_BEFORE=0x060400
    PATCHBOARD_VERSION="${PROJECT_VERSION}")
target_compile_options(patchboard_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Woverloaded-virtual -Wnon-virtual-dtor -Wcast-qual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(patchboard_options INTERFACE -Wduplicated-cond -Wlogical-op)
endif()
if(PATCHBOARD_WERROR)
    target_compile_options(patchboard_options INTERFACE -Werror)
endif()
if(PATCHBOARD_MUTANTS)
    if(CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT PATCHBOARD_TESTS)
        message(FATAL_ERROR "PATCHBOARD_MUTANTS is for tests, never for what is installed")
    endif()
    target_compile_definitions(patchboard_options INTERFACE PATCHBOARD_MUTANTS)
endif()
if(PATCHBOARD_ASAN)
    # Qt's own headers compare two empty lists by memcmp() of null pointers, for 0 bytes. GCC's
    # -Wmaybe-uninitialized takes the sanitizers' code for the program's.
    add_compile_options(-fsanitize=address,undefined -fno-sanitize=nonnull-attribute
                        -fno-omit-frame-pointer -fno-sanitize-recover=undefined
                        -Wno-maybe-uninitialized)
    add_link_options(-fsanitize=address,undefined)
endif()
find_program(PATCHBOARD_MOLD mold)
if(PATCHBOARD_MOLD)
    add_link_options(-fuse-ld=mold)
endif()
