//! A real mail server for tests: `aiosmtpd`, in a process of its own that ends with the test.

use std::io::BufRead;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    RefusesTheRecipient,
    IsFull,
    BreaksOff,
    IsSlow,
}

/// How one comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Unencrypted.
    Plain,
    /// Encrypted on request, which must be made.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
}

/// A mail server, and what it took.
pub struct Post {
    pub url: String,
    process: Child,
    folder: tempfile::TempDir,
    door: Door,
    port: u16,
}

impl Post {
    /// One that takes everything, unencrypted.
    pub fn open() -> Self {
        Self::behind(Door::Plain)
    }

    pub fn behind(door: Door) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mood"), "takes").unwrap();
        if door != Door::Plain {
            certify(folder.path());
        }
        let (process, port) = start(folder.path(), door, 0);
        let url = match door {
            Door::Plain => format!("smtp://127.0.0.1:{port}"),
            Door::StartTls => format!("smtp://liannong:a%20secret%20word@127.0.0.1:{port}?tls=required"),
            Door::Tls => format!("smtps://liannong:a%20secret%20word@127.0.0.1:{port}"),
        };
        Self { url, process, folder, door, port }
    }

    pub fn is(&self, mood: Mood) {
        let word = match mood {
            Mood::Takes => "takes",
            Mood::RefusesTheRecipient => "refuses-the-recipient",
            Mood::IsFull => "is-full",
            Mood::BreaksOff => "breaks-off",
            Mood::IsSlow => "is-slow",
        };
        std::fs::write(self.folder.path().join("mood"), word).unwrap();
    }

    /// It ends, as by a power cut. What it took is kept.
    pub fn falls(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// It begins again, at the same address.
    pub fn comes_back(&mut self) {
        (self.process, _) = start(self.folder.path(), self.door, self.port);
    }

    /// Its certificate, which nobody but its owner has signed.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// What it took, in that order.
    pub fn taken(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|file| file.unwrap().path());
        let mut mails: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "eml")).collect();
        mails.sort();
        mails.iter().map(|path| std::fs::read_to_string(path).unwrap().replace("\r\n", "\n")).collect()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}

fn start(folder: &std::path::Path, door: Door, port: u16) -> (Child, u16) {
    let word = match door {
        Door::Plain => "plain",
        Door::StartTls => "starttls",
        Door::Tls => "tls",
    };
    let mut process = Command::new(python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/post/server.py"))
        .arg(folder)
        .args([word, &port.to_string()])
        .stdout(Stdio::piped())
        // It warns that a password without TLS is unsafe.
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    std::io::BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
    (process, said.trim().parse().expect("the mail server says its port"))
}

/// A Python that has the server: the one in the path, or Debian's own beside it.
fn python() -> &'static str {
    let has = |python: &&str| {
        let asked = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has).expect("please install aiosmtpd (Debian: python3-aiosmtpd)")
}

fn certify(folder: &std::path::Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=post.example", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("please install openssl").success());
}
