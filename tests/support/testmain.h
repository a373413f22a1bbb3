#pragma once

#include <QObject>
#include <QTest>

#include <functional>
#include <memory>
#include <vector>

/// Registry of the test classes of one executable.
using TestFactory = std::function<std::unique_ptr<QObject>()>;
std::vector<TestFactory> &testFactories();

/// Puts a test class at the end of a tst_*.cpp into the executable of its folder.
#define PATCHBOARD_TEST(Class)                                                                     \
    [[maybe_unused]] static const bool Class##Registered = [] {                                    \
        testFactories().push_back([] { return std::make_unique<Class>(); });                       \
        return true;                                                                               \
    }();
