#pragma once

#include <sqlite3.h>

/// Leaves the log where it is when the database is closed; a function of variable arguments, which Swift does not import.
static inline int csqlite_keep_log(sqlite3 *_Nonnull database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
