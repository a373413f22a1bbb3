#include "model/sync/journal.h"
#include "model/wire/codec.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

using namespace patchboard;

namespace {

Change journalChange(quint64 cseq)
{
    return {3,
            cseq,
            0,
            0,
            QStringLiteral("Ann"),
            QStringLiteral("Edit %1").arg(cseq),
            {SetFields{1, {{Field::Notes, QStringLiteral("n%1").arg(cseq), std::nullopt}}}}};
}

Result<void> appendTo(Journal &journal, quint64 cseq)
{
    const Change change = journalChange(cseq);
    return journal.append(change, wire::encodeChange(change), quint32(cseq));
}

} // namespace

class TestJournal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }
    void keepsWhatIsPending();
    void keepsTheCopy();
    void keepsWhatIsSaidOfNews();
    void movesToAnotherSite();
    void eachProcessItsOwn();
    void damagedFilesArePutAside();
    void newerFilesAreRefused();
    void namesDiffer();
    void anUnusableFolderIsAnError();

private:
    std::unique_ptr<Journal> open()
    {
        auto opened = Journal::open(m_folder->path(), QStringLiteral("b"));
        return opened ? std::move(*opened) : nullptr;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestJournal::keepsWhatIsPending()
{
    QString profile;
    {
        const auto journal = open();
        QVERIFY(journal);
        profile = journal->identity().profile;
        QVERIFY(!profile.isEmpty());
        QVERIFY(journal->moveToSite(3, std::numeric_limits<quint64>::max(), {}, 0, 0));
        for (quint64 i = 1; i <= 5; ++i)
            QVERIFY(appendTo(*journal, i));
        QVERIFY(!appendTo(*journal, 5)); // a number is used once
        journal->forget(2);
        QVERIFY(journal->hasGathered());
    }
    {
        const auto journal = open();
        QVERIFY(journal);
        const auto identity = journal->identity();
        QCOMPARE(identity.profile, profile);
        QCOMPARE(identity.site, SiteId(3));
        QCOMPARE(identity.lastAcked, quint64(2));
        QCOMPARE(identity.lastIssued, quint64(5));
        QCOMPARE(identity.session, std::numeric_limits<quint64>::max());
        const auto pending = journal->pending();
        QVERIFY(pending);
        QCOMPARE(pending->size(), 3);
        QVERIFY(pending->at(0) == journalChange(3));
        journal->forget(5);
        QVERIFY(journal->flush());
    }
    const auto journal = open();
    QCOMPARE(journal->pending()->size(), 0);
    QCOMPARE(journal->identity().lastIssued, quint64(5));
    QCOMPARE(journal->identity().counter, quint32(5));
}

void TestJournal::keepsTheCopy()
{
    {
        const auto journal = open();
        QVERIFY(journal);
        journal->confirmed(1, QByteArray("no copy to follow"));
        QVERIFY(!journal->hasGathered());
        QVERIFY(!*journal->cached());
        QVERIFY(journal->setSnapshot(QStringLiteral("e"), 7, ~quint64(0), QByteArray("board")));
        journal->confirmed(8, QByteArray("eight"));
        journal->confirmed(9, QByteArray("nine"));
        QCOMPARE(journal->cachedCommits(), 2);
    }
    const auto journal = open();
    auto cached = journal->cached();
    QVERIFY(cached && *cached);
    QCOMPARE((*cached)->epoch, QStringLiteral("e"));
    QCOMPARE((*cached)->revision, quint64(7));
    QCOMPARE((*cached)->logHash, ~quint64(0));
    QCOMPARE((*cached)->snapshot, QByteArray("board"));
    QCOMPARE((*cached)->news, (QList<QByteArray>{"eight", "nine"}));
    QCOMPARE(journal->cachedCommits(), 2);
    QVERIFY(journal->setSnapshot(QStringLiteral("e"), 9, 1, QByteArray("board 9")));
    cached = journal->cached();
    QCOMPARE((*cached)->news.size(), 0);
    QCOMPARE((*cached)->revision, quint64(9));
}

void TestJournal::keepsWhatIsSaidOfNews()
{
    const QString name = QStringLiteral("conflicts");
    {
        const auto journal = open();
        QCOMPARE(journal->kept(name), QByteArray());
        journal->keep(name, QByteArray("one"));
        journal->keep(name, QByteArray("two"));
        QVERIFY(journal->hasGathered());
        QVERIFY(journal->flush());
        QVERIFY(!journal->hasGathered());
        journal->keep(name, QByteArray("at the end"));
    }
    {
        const auto journal = open();
        QCOMPARE(journal->kept(name), QByteArray("at the end"));
        journal->keep(name, QByteArray("with a board"));
        QVERIFY(journal->setSnapshot(QStringLiteral("e"), 7, 1, QByteArray("board")));
    }
    QCOMPARE(open()->kept(name), QByteArray("with a board"));
}

void TestJournal::movesToAnotherSite()
{
    {
        const auto journal = open();
        for (quint64 i = 1; i <= 5; ++i)
            QVERIFY(appendTo(*journal, i));
        QVERIFY(journal->moveToSite(9, 4, {journalChange(1), journalChange(2)}, 2, 77));
    }
    const auto journal = open();
    QCOMPARE(journal->identity().site, SiteId(9));
    QCOMPARE(journal->identity().lastIssued, quint64(2));
    QCOMPARE(journal->identity().lastAcked, quint64(0));
    QCOMPARE(journal->identity().counter, quint32(77));
    QCOMPARE(journal->pending()->size(), 2);
}

void TestJournal::eachProcessItsOwn()
{
    const auto first = open();
    const auto second = open();
    QVERIFY(first && second);
    QVERIFY(first->path() != second->path());
    QVERIFY(first->identity().profile != second->identity().profile);
}

void TestJournal::damagedFilesArePutAside()
{
    const QString path = open()->path();
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no database, and it is longer than a header of one would have to be, too");
    file.write(QByteArray(4096, 'x'));
    file.close();
    const auto journal = open();
    QVERIFY(journal);
    QCOMPARE(journal->path(), path);
    QVERIFY(QFile::exists(journal->setAside()));
    QVERIFY(appendTo(*journal, 1));
}

void TestJournal::newerFilesAreRefused()
{
    const QString path = open()->path();
    {
        QSqlDatabase database =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("newer"));
        database.setDatabaseName(path);
        QVERIFY(database.open());
        QSqlQuery query(database);
        QVERIFY(query.exec(QStringLiteral("PRAGMA user_version=99")));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("newer"));
    const auto opened = Journal::open(m_folder->path(), QStringLiteral("b"));
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Errc::Storage);
    QVERIFY(opened.error().text.contains(QLatin1String("newer")));
    QVERIFY(QFile::exists(path));
}

void TestJournal::namesDiffer()
{
    const QString a = Journal::nameFor(QStringLiteral("ws://host:5001"));
    QVERIFY(a != Journal::nameFor(QStringLiteral("ws://host:5002")));
    QVERIFY(a != Journal::nameFor(QStringLiteral("ws://other:5001")));
    QVERIFY(!Journal::nameFor(QStringLiteral("/a/b c\\:*?.board"))
                 .contains(QRegularExpression(QStringLiteral("[^\\w.-]"))));
}

void TestJournal::anUnusableFolderIsAnError()
{
    const QString path = m_folder->filePath(QStringLiteral("file"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto opened = Journal::open(path + QStringLiteral("/inside"), QStringLiteral("b"));
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Errc::Storage);
}

PATCHBOARD_TEST(TestJournal)
#include "tst_journal.moc"
