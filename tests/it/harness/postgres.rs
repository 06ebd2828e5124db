//! A real PostgreSQL for the tests, started from the installed binaries in a temporary folder.
//!
//! Promises: one server for all processes of a run (`cargo nextest` gives each test a process, `cargo test` one
//! process to all); every test gets a database of its own, cloned from a template that was made once; the server
//! and its folder are gone a few seconds after the last process that used them, however that process ended.
//! Without the binaries the tests fail and say what to install; nothing is ever skipped.
//! Knows nothing of the application.
//!
//! How: three lock files in one folder per checkout and user. `turn` is held while the server is started or
//! stopped or a template is made. `users` is held shared by every process that uses the server, until it ends.
//! `keeper` is held by the process that stops the server when nobody holds `users` any more: this same test binary,
//! started again as the ignored test below. The kernel releases locks of killed processes, so nothing can get stuck.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr};

/// Names the folder to the keeper; without it the keeper's test does nothing.
const KEEPER_FOLDER: &str = "LIANNONG_TEST_POSTGRES_FOLDER";
/// How long nobody may use the server before it is stopped.
const IDLE: Duration = Duration::from_secs(10);
/// How long a start may take on a loaded machine.
const START: Duration = Duration::from_secs(90);
/// A socket's path has 107 bytes on Linux and 103 elsewhere; this leaves room for its name.
const LONGEST_FOLDER: usize = 60;

/// A database of one test; it is dropped with this value.
pub struct TestDatabase {
    /// What `DATABASE_URL` would hold.
    pub url: String,
    name: String,
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        // A runtime of its own, because this may run inside one. Failing is harmless: the server goes soon too.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.is_ok_and(|runtime| runtime.block_on(administer(&[&statement])).is_ok())
        });
        drop(dropping.join());
    }
}

/// Clones the template into a new database.
pub async fn clone_of(template: &str) -> TestDatabase {
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    administer(&[&format!("create database {name} template {template}")]).await.expect("cloning the template database");
    TestDatabase { url: server().url(&name), name }
}

/// The name of a template database for this key. The first to ask makes it with `migrate`, which is given its
/// address; whoever asks meanwhile, in whichever process, waits.
pub async fn template(key: &str, migrate: impl AsyncFnOnce(&str) -> Result<(), DbErr>) -> String {
    // Tasks of one process queue here without blocking their runtime; processes queue at the lock file.
    static ONE_TASK: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _task = ONE_TASK.lock().await;
    let server = server();
    let _turn = take_turn(&server.folder).expect("taking the turn to make a template");
    let name = format!("template_{key}");
    let known = format!("select 1 from pg_database where datname = '{name}'");
    let admin = connect(&server.url("postgres")).await.expect("connecting to the test PostgreSQL");
    let exists = admin.query_one_raw(sea_orm::Statement::from_string(admin.get_database_backend(), known)).await;
    admin.close().await.expect("closing the connection");
    if exists.expect("asking for the template").is_some() {
        return name;
    }
    // It gets its name only when it is whole: a maker that was killed leaves `making_…`, which the next one removes.
    let making = format!("making_{key}");
    administer(&[&format!("drop database if exists {making} with (force)"), &format!("create database {making}")])
        .await
        .expect("creating the template database");
    migrate(&server.url(&making)).await.expect("migrating the template database");
    administer(&[&format!("alter database {making} rename to {name}")]).await.expect("naming the template database");
    name
}

/// A key that changes whenever a file under this folder of the checkout does.
pub fn key_of_sources(folder: &str) -> String {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("listing the sources") {
            let path = entry.expect("listing the sources").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(&file).expect("reading a source").hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await
}

async fn administer(statements: &[&str]) -> Result<(), DbErr> {
    let admin = connect(&server().url("postgres")).await?;
    for statement in statements {
        admin.execute_unprepared(statement).await?;
    }
    admin.close().await
}

struct Server {
    folder: PathBuf,
    /// Held until the process ends: while it is, the keeper leaves the server alone.
    _users: File,
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost:5432/{database}?host={}", self.folder.join("socket").display())
    }
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    match SERVER.get_or_init(|| use_server().map_err(|error| error.to_string())) {
        Ok(server) => server,
        Err(reason) => panic!("the tests need a PostgreSQL and could not start one: {reason}"),
    }
}

fn use_server() -> io::Result<Server> {
    let folder = run_folder()?;
    let _turn = take_turn(&folder)?;
    let users = open_lock(&folder.join("users"))?;
    users.lock_shared()?;
    if !is_locked(&folder.join("keeper"))? {
        start(&folder)?;
    }
    Ok(Server { folder, _users: users })
}

/// One folder per checkout and user. Not under `target/`: the server's own user could often not reach that.
fn run_folder() -> io::Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_MANIFEST_DIR").hash(&mut hasher);
    let name = format!("liannong-test-{}-{:08x}", user_number("-u", None)?, hasher.finish() & 0xffff_ffff);
    let folder = std::env::temp_dir().join(&name);
    if folder.as_os_str().len() <= LONGEST_FOLDER { Ok(folder) } else { Ok(Path::new("/tmp").join(name)) }
}

/// The exclusive lock that starting, stopping and making templates take.
fn take_turn(folder: &Path) -> io::Result<File> {
    let path = folder.join("turn");
    loop {
        match fs::DirBuilder::new().mode(0o711).create(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let turn = match open_lock(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened?,
        };
        turn.lock()?;
        // The keeper removes the folder while it holds the lock: then this is the lock of a file that is gone.
        if fs::metadata(&path).is_ok_and(|now| turn.metadata().is_ok_and(|ours| ours.ino() == now.ino())) {
            return Ok(turn);
        }
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    File::options().create(true).truncate(false).read(true).write(true).open(path)
}

fn is_locked(path: &Path) -> io::Result<bool> {
    match open_lock(path)?.try_lock() {
        Ok(()) => Ok(false),
        Err(fs::TryLockError::WouldBlock) => Ok(true),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Makes a cluster and starts its keeper. The caller holds the turn and has seen that there is no keeper.
fn start(folder: &Path) -> io::Result<()> {
    let binaries = Binaries::find()?;
    if folder.join("data").exists() {
        // Its keeper was killed: nobody would ever stop that server, so it is not used again.
        binaries.stop(folder)?;
        fs::remove_dir_all(folder.join("data"))?;
    }
    binaries.lay_out(folder)?;
    binaries.initdb(folder)?;
    let log = File::create(folder.join("log"))?;
    // Its own process group, so that an interrupt meant for the tests does not end it before it has tidied up.
    let mut keeper = Command::new(std::env::current_exe()?)
        .args(["harness::postgres::keeper", "--exact", "--ignored", "--nocapture"])
        .env(KEEPER_FOLDER, folder)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .process_group(0)
        .spawn()?;
    let since = Instant::now();
    while !is_ready(folder) {
        if keeper.try_wait()?.is_some() || since.elapsed() > START {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            return Err(io::Error::other(format!("the server did not start:\n{log}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The server writes its state into the last line of this file.
fn is_ready(folder: &Path) -> bool {
    fs::read_to_string(folder.join("data/postmaster.pid"))
        .is_ok_and(|state| state.lines().last().is_some_and(|line| line.trim() == "ready"))
}

/// Not a test: the process that keeps the server while somebody uses it.
#[test]
#[ignore = "started by the harness to stop the test PostgreSQL when nobody uses it any more"]
fn keeper() {
    let Some(folder) = std::env::var_os(KEEPER_FOLDER).map(PathBuf::from) else { return };
    let lock = open_lock(&folder.join("keeper")).expect("opening the keeper's lock");
    lock.lock().expect("taking the keeper's lock");
    let binaries = Binaries::find().expect("finding PostgreSQL");
    let mut postgres = binaries.serve(&folder).expect("starting PostgreSQL");
    let users = open_lock(&folder.join("users")).expect("opening the users' lock");
    let turn = wait_until_unused(&folder, &users, &mut postgres).expect("waiting for the last user");
    let stopped = binaries.stop(&folder);
    drop(postgres.wait());
    fs::remove_dir_all(&folder).expect("removing the folder");
    stopped.expect("stopping PostgreSQL");
    drop(turn);
}

/// Returns when nobody has used the server for a while, with the turn, so that nobody can begin to.
fn wait_until_unused(folder: &Path, users: &File, postgres: &mut Child) -> io::Result<File> {
    let mut idle_since = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(250));
        if let Some(status) = postgres.try_wait()? {
            return Err(io::Error::other(format!("PostgreSQL ended by itself: {status}")));
        }
        if users.try_lock().is_err() {
            idle_since = Instant::now();
            continue;
        }
        users.unlock()?;
        if idle_since.elapsed() < IDLE {
            continue;
        }
        // Whoever has the turn may be about to use the server; whoever waits for it will start another one.
        let turn = open_lock(&folder.join("turn"))?;
        if turn.try_lock().is_ok() && users.try_lock().is_ok() {
            return Ok(turn);
        }
        idle_since = Instant::now();
    }
}

struct Binaries {
    folder: PathBuf,
    /// PostgreSQL refuses to run as root; root starts it as somebody else.
    run_as: Option<(u32, u32)>,
}

impl Binaries {
    fn find() -> io::Result<Self> {
        let mut places: Vec<PathBuf> = std::env::var_os("PG_BIN").map(PathBuf::from).into_iter().collect();
        let mut packaged: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
            })
            .collect();
        packaged.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        places.extend(packaged.into_iter().map(|(_, folder)| folder));
        places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let has_all = |place: &PathBuf| ["initdb", "postgres", "pg_ctl"].iter().all(|name| place.join(name).is_file());
        let folder = places.into_iter().find(has_all).ok_or_else(|| {
            io::Error::other(
                "initdb, postgres and pg_ctl were not found in $PG_BIN, /usr/lib/postgresql/*/bin or PATH. \
                 Install PostgreSQL (Debian: apt-get install postgresql; macOS: brew install postgresql), \
                 or set PG_BIN to the folder of its programs",
            )
        })?;
        let run_as = if user_number("-u", None)? == 0 {
            let user = ["postgres", "nobody"].into_iter().find(|user| user_number("-u", Some(user)).is_ok());
            let user =
                user.ok_or_else(|| io::Error::other("root needs a user named postgres or nobody to run it as"))?;
            Some((user_number("-u", Some(user))?, user_number("-g", Some(user))?))
        } else {
            None
        };
        Ok(Self { folder, run_as })
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(self.folder.join(program));
        command.current_dir(folder).env("LC_ALL", "C").stdin(Stdio::null());
        if let Some((user, group)) = self.run_as {
            command.uid(user).gid(group);
        }
        command
    }

    /// The folders of a cluster and of its socket, for whoever runs it.
    fn lay_out(&self, folder: &Path) -> io::Result<()> {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o711))?;
        for owned in ["data", "socket"] {
            let path = folder.join(owned);
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            if let Some((user, group)) = self.run_as {
                chown(&path, Some(user), Some(group))?;
            }
        }
        Ok(())
    }

    fn initdb(&self, folder: &Path) -> io::Result<()> {
        self.run(self.command("initdb", folder).args([
            "--pgdata=data",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]))
    }

    fn run(&self, command: &mut Command) -> io::Result<()> {
        let done = command.output()?;
        if done.status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("{command:?} failed: {}", String::from_utf8_lossy(&done.stderr))))
    }

    /// Nothing of this server outlives the run, so it never waits for a disk; and no port, so none can be taken.
    fn serve(&self, folder: &Path) -> io::Result<Child> {
        let mut command = self.command("postgres", folder);
        command.args(["-D", "data", "-k"]).arg(folder.join("socket"));
        for setting in [
            "listen_addresses=",
            "port=5432",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "autovacuum=off",
            "max_connections=300",
            "shared_buffers=128MB",
        ] {
            command.args(["-c", setting]);
        }
        command.process_group(0).spawn()
    }

    /// Stops the server of this folder when there is one.
    fn stop(&self, folder: &Path) -> io::Result<()> {
        if !folder.join("data/postmaster.pid").exists() {
            return Ok(());
        }
        let stop = self.command("pg_ctl", folder).args(["-D", "data", "-m", "immediate", "stop"]).output()?;
        // A stale file of a server that was killed makes this fail too; only one that still runs is an error.
        let still_runs = || self.command("pg_ctl", folder).args(["-D", "data", "status"]).output();
        if !stop.status.success() && still_runs()?.status.success() {
            return Err(io::Error::other(format!("pg_ctl stop: {}", String::from_utf8_lossy(&stop.stderr))));
        }
        Ok(())
    }
}

/// A cluster of one test, for what concerns a whole cluster; it is stopped and removed with this value.
pub struct Cluster {
    folder: PathBuf,
    binaries: Binaries,
    server: Child,
}

impl Cluster {
    /// A new one.
    pub fn begin() -> io::Result<Self> {
        Self::around(|binaries, folder| binaries.initdb(folder))
    }

    /// Its copy, taken while it serves, as another one that serves.
    pub fn base_backup(&self) -> io::Result<Self> {
        Self::around(|binaries, folder| {
            let from = self.folder.join("socket");
            let arguments = ["-D", "data", "-U", "postgres", "-X", "stream", "-c", "fast", "--no-sync", "-h"];
            binaries.run(binaries.command("pg_basebackup", folder).args(arguments).arg(from))
        })
    }

    fn around(fill: impl FnOnce(&Binaries, &Path) -> io::Result<()>) -> io::Result<Self> {
        // A short path, for the socket.
        let folder = Path::new("/tmp").join(format!("ln-{}", uuid::Uuid::now_v7().simple()));
        fs::DirBuilder::new().mode(0o711).create(&folder)?;
        let binaries = Binaries::find()?;
        binaries.lay_out(&folder)?;
        fill(&binaries, &folder)?;
        let server = binaries.serve(&folder)?;
        let cluster = Self { folder, binaries, server };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// Falls as if its processes had been killed, and comes back on the same data.
    pub fn restart(&mut self) -> io::Result<()> {
        self.binaries.stop(&self.folder)?;
        self.server.wait()?;
        self.server = self.binaries.serve(&self.folder)?;
        self.wait_until_ready()
    }

    fn wait_until_ready(&self) -> io::Result<()> {
        let since = Instant::now();
        while !is_ready(&self.folder) {
            if since.elapsed() > START {
                return Err(io::Error::other("the cluster of this test did not start"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// What `DATABASE_URL` would hold for a database of it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost:5432/{database}?host={}", self.folder.join("socket").display())
    }

    /// A new database.
    pub async fn create(&self, database: &str) -> String {
        let admin = connect(&self.url("postgres")).await.expect("connecting to the cluster of this test");
        admin.execute_unprepared(&format!("create database {database}")).await.expect("creating a database");
        admin.close().await.expect("closing the connection");
        self.url(database)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _stopped = self.binaries.stop(&self.folder);
        let _ended = self.server.wait();
        let _removed = fs::remove_dir_all(&self.folder);
    }
}

/// The number of a user or of its group; of the one who runs this, when none is named.
fn user_number(which: &str, user: Option<&str>) -> io::Result<u32> {
    let output = Command::new("id").arg(which).args(user).stderr(Stdio::null()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| io::Error::other(format!("`id {which}` answered {text:?}")))
}
