//! One SQLite file: its tables, opening it safely, and the rows going in and out.
//!
//! The joined store and the workers' stores have the same tables; a worker's holds only `responses`, `raw`, `finished`, `problems` and `meta`.
//! Tables are `WITHOUT ROWID`: rows lie in id order, whatever the order in which they came.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{Pack, Problem, RunError, rows};
use crate::store::{Prompt, Raw, Request, Response, STORE_VERSION};

/// How long SQLite waits for a lock before it says that somebody else is at work.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a store is kept.
#[derive(Clone, Copy)]
enum Keeping {
    /// The joined store: many may read, one may write, and a commit is on the disk before it counts.
    Joined,
    /// A worker's: a write-ahead log makes a small pack cheap, and the exclusive lock keeps a second worker with the same share out (and
    /// needs no shared memory, which network file systems lack).
    Worker,
}

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS meta      (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS prompts   (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS requests  (id TEXT PRIMARY KEY, prompt TEXT NOT NULL, model TEXT NOT NULL, pack TEXT, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS packs     (id TEXT PRIMARY KEY, model TEXT NOT NULL, tokens INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS responses (request TEXT PRIMARY KEY, outcome TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS raw       (request TEXT PRIMARY KEY, attempts INTEGER NOT NULL, tokens_read INTEGER NOT NULL, tokens_written INTEGER NOT NULL,
                            body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS finished  (pack TEXT PRIMARY KEY, worker TEXT NOT NULL, seconds REAL NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS problems  (pack TEXT PRIMARY KEY, model TEXT NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;
";

/// An open store.
pub(super) struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Open the joined store, or make it.
    pub(super) fn create(path: &Path) -> Result<Self, RunError> {
        Self::open(path, true, PATIENCE, Keeping::Joined)
    }

    /// Open a joined store that exists.
    pub(super) fn existing(path: &Path) -> Result<Self, RunError> {
        if !path.is_file() {
            return Err(RunError::NoRun { path: path.parent().unwrap_or(path).to_owned() });
        }
        Self::open(path, false, PATIENCE, Keeping::Joined)
    }

    /// Open or make a worker's own store.
    pub(super) fn worker(path: &Path) -> Result<Self, RunError> {
        Self::open(path, true, PATIENCE, Keeping::Worker)
    }

    fn open(path: &Path, create: bool, patience: Duration, keeping: Keeping) -> Result<Self, RunError> {
        let fail = |error: rusqlite::Error| RunError::sqlite(path, &error);
        let create_flag = if create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create_flag;
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.busy_timeout(patience).map_err(fail)?;
        if let Keeping::Worker = keeping {
            connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE;").map_err(fail)?;
        }
        let mut store = Self { connection, path: path.to_owned() };
        // The version comes before anything that touches the file.
        let fresh = create && !has_tables(&store.connection).map_err(fail)?;
        let older = !fresh && store.version()? < STORE_VERSION;
        let pragmas = match keeping {
            Keeping::Joined => "PRAGMA synchronous = FULL;",
            Keeping::Worker => "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
        };
        store.connection.execute_batch(pragmas).map_err(fail)?;
        if fresh || older {
            store.make_tables().map_err(fail)?;
        }
        Ok(store)
    }

    /// Make the tables that are not there: all of a new store, or those that a store of an older version lacks.
    fn make_tables(&mut self) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(TABLES)?;
        transaction.execute("INSERT OR REPLACE INTO meta VALUES ('store_version', ?1)", [STORE_VERSION.to_string()])?;
        transaction.commit()
    }

    /// The version that the store states, if this program knows it.
    fn version(&self) -> Result<u32, RunError> {
        let read = self.connection.query_row("SELECT value FROM meta WHERE key = 'store_version'", [], |row| row.get::<_, String>(0));
        let found = match read.as_deref().map(str::parse::<u32>) {
            Ok(Ok(version)) => version,
            Ok(Err(_)) | Err(rusqlite::Error::QueryReturnedNoRows) => {
                return Err(RunError::Damaged { path: self.path.clone(), problem: "it does not state its version".to_owned() });
            }
            Err(error) => return Err(RunError::sqlite(&self.path, error)),
        };
        if found > STORE_VERSION {
            return Err(RunError::NewerStore { path: self.path.clone(), found, known: STORE_VERSION });
        }
        Ok(found)
    }

    /// Where the file lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn fail(&self) -> impl Fn(rusqlite::Error) -> RunError + use<> {
        let path = self.path.clone();
        move |error| RunError::sqlite(&path, &error)
    }

    fn broken_row(&self, table: &str, id: &str, problem: &str) -> RunError {
        RunError::Damaged { path: self.path.clone(), problem: format!("{table} row {id}: {problem}") }
    }

    /// Rows of a query, each made by `read`.
    fn rows<T>(&self, sql: &str, read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, RunError> {
        let collect = || {
            let mut statement = self.connection.prepare(sql)?;
            statement.query_map([], read)?.collect::<rusqlite::Result<Vec<T>>>()
        };
        collect().map_err(self.fail())
    }

    /// `(id, body)` of every row, in id order.
    fn bodies(&self, table: &str, key: &str) -> Result<Vec<(String, String)>, RunError> {
        self.rows(&format!("SELECT {key}, body FROM {table} ORDER BY {key}"), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// All prompts, in id order.
    pub(super) fn prompts(&self) -> Result<Vec<Prompt>, RunError> {
        let bodies = self.bodies("prompts", "id")?;
        bodies.iter().map(|(id, body)| rows::read(body).map_err(|problem| self.broken_row("prompts", id, &problem))).collect()
    }

    /// All requests, in id order.
    pub(super) fn requests(&self) -> Result<Vec<Request>, RunError> {
        let bodies = self.bodies("requests", "id")?;
        bodies.iter().map(|(id, body)| rows::read(body).map_err(|problem| self.broken_row("requests", id, &problem))).collect()
    }

    /// All responses, in order of their requests' ids.
    pub(super) fn responses(&self) -> Result<Vec<Response>, RunError> {
        self.bodies("responses", "request")?.into_iter().map(|row| self.read_response(row)).collect()
    }

    /// What came over the wire: request id -> body and counts, for responses that came that way.
    pub(super) fn raw(&self) -> Result<BTreeMap<String, Raw>, RunError> {
        let read = |row: &rusqlite::Row<'_>| {
            let (read, written) = (row.get::<_, i64>(2)?, row.get::<_, i64>(3)?);
            let raw = Raw { attempts: row.get(1)?, tokens_read: read as u64, tokens_written: written as u64, body: row.get(4)? };
            Ok((row.get(0)?, raw))
        };
        Ok(self.rows("SELECT request, attempts, tokens_read, tokens_written, body FROM raw", read)?.into_iter().collect())
    }

    /// Responses that were written by the plan, to requests that are never asked.
    pub(super) fn never_asked(&self) -> Result<Vec<Response>, RunError> {
        let sql = "SELECT request, responses.body FROM responses JOIN requests ON id = request WHERE pack IS NULL ORDER BY request";
        let bodies = self.rows(sql, |row| Ok((row.get(0)?, row.get(1)?)))?;
        bodies.into_iter().map(|row| self.read_response(row)).collect()
    }

    fn read_response(&self, (request, body): (String, String)) -> Result<Response, RunError> {
        rows::read_response(request.clone(), &body).map_err(|problem| self.broken_row("responses", &request, &problem))
    }

    /// Name -> fingerprint of the models planned.
    pub(super) fn models(&self) -> Result<BTreeMap<String, String>, RunError> {
        let sql = "SELECT DISTINCT model, body ->> 'fingerprint' FROM requests";
        Ok(self.rows(sql, |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
    }

    /// Ids of all requests planned.
    pub(super) fn request_ids(&self) -> Result<BTreeSet<String>, RunError> {
        Ok(self.rows("SELECT id FROM requests", |row| row.get(0))?.into_iter().collect())
    }

    /// All packs, in id order, each with its requests in id order.
    pub(super) fn packs(&self) -> Result<Vec<Pack>, RunError> {
        let members =
            self.rows("SELECT pack, id FROM requests WHERE pack IS NOT NULL ORDER BY id", |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut by_pack: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (pack, request) in members {
            by_pack.entry(pack).or_default().push(request);
        }
        let packs = self.rows("SELECT id, model, tokens FROM packs ORDER BY id", |row| {
            Ok(Pack { id: row.get(0)?, model: row.get(1)?, tokens: row.get(2)?, requests: Vec::new() })
        })?;
        Ok(packs.into_iter().map(|pack| Pack { requests: by_pack.remove(&pack.id).unwrap_or_default(), ..pack }).collect())
    }

    /// Ids of the packs that are answered, each with its seconds.
    pub(super) fn finished(&self) -> Result<BTreeMap<String, f64>, RunError> {
        Ok(self.rows("SELECT pack, seconds FROM finished", |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
    }

    /// Packs that were tried in vain, in id order.
    pub(super) fn problems(&self) -> Result<Vec<Problem>, RunError> {
        self.rows("SELECT model, pack, message FROM problems ORDER BY pack", |row| {
            Ok(Problem { model: row.get(0)?, pack: row.get(1)?, message: row.get(2)? })
        })
    }

    /// `(request, model, pack)` of every request without response, in id order; the pack is empty for a request that was never to be asked.
    pub(super) fn unanswered(&self) -> Result<Vec<(String, String, String)>, RunError> {
        let sql = "SELECT id, model, coalesce(pack, '') FROM requests
                   WHERE NOT EXISTS (SELECT 1 FROM responses WHERE request = id) ORDER BY id";
        self.rows(sql, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    /// Feed every byte of prompts, requests and responses to `sink`, in id order: table name, then each row's id and body.
    pub(super) fn each_body(&self, tables: &[(&'static str, &str)], mut sink: impl FnMut(&str)) -> Result<(), RunError> {
        for (table, key) in tables {
            sink(table);
            let mut feed = || {
                let mut statement = self.connection.prepare(&format!("SELECT {key}, body FROM {table} ORDER BY {key}"))?;
                let mut found = statement.query([])?;
                while let Some(row) = found.next()? {
                    sink(row.get_ref(0)?.as_str()?);
                    sink(row.get_ref(1)?.as_str()?);
                }
                Ok(())
            };
            feed().map_err(self.fail())?;
        }
        Ok(())
    }

    /// Start a transaction that commits whole or not at all.
    pub(super) fn change(&mut self) -> Result<Change<'_>, RunError> {
        let path = self.path.clone();
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| RunError::sqlite(&path, &error))?;
        Ok(Change { transaction, path })
    }

    /// Read the whole file through, so that damage shows before anything is taken over.
    pub(super) fn check_damage(&self) -> Result<(), RunError> {
        let verdict = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)).map_err(self.fail())?;
        if verdict == "ok" { Ok(()) } else { Err(RunError::Damaged { path: self.path.clone(), problem: verdict }) }
    }

    /// Fold the write-ahead log into the file, so that it can be copied and attached as one file, and close it.
    pub(super) fn settle(self) -> Result<(), RunError> {
        self.connection.execute_batch("PRAGMA journal_mode = DELETE;").map_err(self.fail())
    }

    /// Make `path` (a settled worker's store) readable as `worker`.
    pub(super) fn attach(&self, path: &Path) -> Result<(), RunError> {
        let text = path.to_str().ok_or_else(|| RunError::File { path: path.to_owned(), problem: "the path is not UTF-8".to_owned() })?;
        self.connection.execute("ATTACH ?1 AS worker", [text]).map(|_| ()).map_err(|error| RunError::sqlite(path, &error))
    }

    /// Undo [`Store::attach`].
    pub(super) fn detach(&self) -> Result<(), RunError> {
        self.connection.execute_batch("DETACH worker").map_err(self.fail())
    }

    /// First request that the attached store answers and this one did not plan.
    pub(super) fn first_foreign(&self) -> Result<Option<String>, RunError> {
        let sql = "SELECT request FROM worker.responses WHERE request NOT IN (SELECT id FROM main.requests) ORDER BY request LIMIT 1";
        self.connection.query_row(sql, [], |row| row.get(0)).optional().map_err(self.fail())
    }

    /// First `(request, model)` that both stores answer, differently.
    pub(super) fn first_disagreement(&self) -> Result<Option<(String, String)>, RunError> {
        let sql = "SELECT theirs.request, requests.model FROM worker.responses AS theirs
                   JOIN main.responses AS ours ON ours.request = theirs.request
                   JOIN main.requests ON requests.id = theirs.request
                   WHERE ours.body <> theirs.body OR ours.outcome <> theirs.outcome ORDER BY theirs.request LIMIT 1";
        self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(self.fail())
    }

    /// A worker who does not wait.
    #[cfg(test)]
    pub(super) fn impatient_worker(path: &Path) -> Result<Self, RunError> {
        Self::open(path, true, Duration::ZERO, Keeping::Worker)
    }

    /// Keep the file below `pages` pages, as a full disk would.
    #[cfg(test)]
    pub(super) fn limit_pages(&self, pages: u32) {
        let set = format!("PRAGMA max_page_count = {pages}");
        self.connection.query_row(&set, [], |_| Ok(())).unwrap();
    }

    /// Any statement, for tests that play the vandal.
    #[cfg(test)]
    pub(super) fn vandalise(&self, sql: &str) {
        self.connection.execute_batch(sql).unwrap();
    }
}

fn has_tables(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)).map(|count| count > 0)
}

/// An open transaction; dropped without [`Change::commit`] it never happened.
pub(super) struct Change<'a> {
    transaction: Transaction<'a>,
    path: PathBuf,
}

impl Change<'_> {
    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, RunError> {
        let run = || self.transaction.prepare_cached(sql)?.execute(values);
        run().map_err(|error| RunError::sqlite(&self.path, &error))
    }

    /// Add a row unless one with the same id and body is there; another body is a conflict. True when it was added.
    fn add(&self, table: &'static str, id: &str, body: &str, insert: impl FnOnce() -> Result<usize, RunError>) -> Result<bool, RunError> {
        let look = || {
            let mut statement = self.transaction.prepare_cached(&format!("SELECT body FROM {table} WHERE id = ?1"))?;
            statement.query_row([id], |row| row.get::<_, String>(0)).optional()
        };
        match look().map_err(|error| RunError::sqlite(&self.path, &error))? {
            Some(there) if there == body => Ok(false),
            Some(_) => Err(RunError::RowConflict { path: self.path.clone(), table, id: id.to_owned() }),
            None => insert().map(|_| true),
        }
    }

    fn body(&self, table: &str, id: &str, body: Result<String, String>) -> Result<String, RunError> {
        body.map_err(|problem| RunError::Store {
            path: self.path.clone(),
            problem: format!("{table} row {id} cannot be written: {problem}"),
        })
    }

    /// Plan a prompt; true when it is new.
    pub(super) fn add_prompt(&self, prompt: &Prompt) -> Result<bool, RunError> {
        let body = self.body("prompts", &prompt.id, rows::write(prompt))?;
        self.add("prompts", &prompt.id, &body, || self.run("INSERT INTO prompts VALUES (?1, ?2)", params![prompt.id, body]))
    }

    /// Plan a request; true when it is new. A request that is never asked has no pack.
    pub(super) fn add_request(&self, request: &Request, pack: Option<&str>) -> Result<bool, RunError> {
        let body = self.body("requests", &request.id, rows::write(request))?;
        self.add("requests", &request.id, &body, || {
            let values = params![request.id, request.prompt, request.model, pack, body];
            self.run("INSERT INTO requests VALUES (?1, ?2, ?3, ?4, ?5)", values)
        })
    }

    /// Plan a pack.
    pub(super) fn add_pack(&self, pack: &Pack) -> Result<(), RunError> {
        self.run("INSERT INTO packs VALUES (?1, ?2, ?3)", params![pack.id, pack.model, pack.tokens]).map(|_| ())
    }

    /// Store a response.
    pub(super) fn add_response(&self, response: &Response) -> Result<(), RunError> {
        let body = self.body("responses", &response.request, rows::write_response(response))?;
        let values = params![response.request, response.outcome.as_str(), body];
        self.run("INSERT INTO responses VALUES (?1, ?2, ?3)", values)?;
        if let Some(raw) = &response.raw {
            let values = params![response.request, raw.attempts, raw.tokens_read as i64, raw.tokens_written as i64, raw.body];
            self.run("INSERT INTO raw VALUES (?1, ?2, ?3, ?4, ?5)", values)?;
        }
        Ok(())
    }

    /// Note that a pack is answered, by whom and in how many seconds.
    pub(super) fn finish(&self, pack: &str, worker: &str, seconds: f64) -> Result<(), RunError> {
        self.run("INSERT INTO finished VALUES (?1, ?2, ?3)", params![pack, worker, seconds])?;
        self.run("DELETE FROM problems WHERE pack = ?1", [pack]).map(|_| ())
    }

    /// Note that a pack could not be answered; the last attempt counts.
    pub(super) fn note_problem(&self, problem: &Problem) -> Result<(), RunError> {
        self.run("INSERT OR REPLACE INTO problems VALUES (?1, ?2, ?3)", params![problem.pack, problem.model, problem.message]).map(|_| ())
    }

    /// Take over what the attached store has and this one lacks; returns the number of responses added.
    pub(super) fn join(&self) -> Result<usize, RunError> {
        let added = self.run("INSERT OR IGNORE INTO main.responses SELECT * FROM worker.responses ORDER BY request", [])?;
        self.run("INSERT OR IGNORE INTO main.raw SELECT * FROM worker.raw ORDER BY request", [])?;
        self.run("INSERT OR IGNORE INTO main.finished SELECT * FROM worker.finished ORDER BY pack", [])?;
        self.run("INSERT OR REPLACE INTO main.problems SELECT * FROM worker.problems ORDER BY pack", [])?;
        self.run("DELETE FROM main.problems WHERE pack IN (SELECT pack FROM main.finished)", [])?;
        Ok(added)
    }

    /// Make it so.
    pub(super) fn commit(self) -> Result<(), RunError> {
        self.transaction.commit().map_err(|error| RunError::sqlite(&self.path, &error))
    }
}
