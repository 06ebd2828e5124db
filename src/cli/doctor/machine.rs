//! What stands around the database: the secret, the folder, the disk, mail, the search engine, the address.

use super::Finding;
use crate::config::Config;
use crate::notice::Mailer;
use crate::search::Engine;
use crate::secrecy::{SecrecyError, Secrets};
use crate::start::{self, StartError};
use crate::telemetry::{self, TelemetryError};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Below this much free space in MiB the house may stop at any time.
const LEAST_MIB: u64 = 200;
/// Below this much somebody should look.
const LITTLE_MIB: u64 = 2_048;

/// The master secret and the one before; a secret that is only made at the first start is not made here.
pub(super) fn secret(config: &Config) -> (Option<Secrets>, Vec<Finding>) {
    const ABOUT: &str = "secret 主密钥";
    let default = config.data.join("secret.key");
    let file = config.secret_file.as_ref().unwrap_or(&default);
    if config.secret.is_none() && !config.production && !file.exists() {
        let zh = format!("尚无主密钥，首次启动时将生成 {}。", file.display());
        let en = format!("there is none yet; the first start makes {}", file.display());
        return (None, vec![Finding::well(ABOUT, zh, en)]);
    }
    let secrets = match start::secrets(config) {
        Ok(secrets) => secrets,
        Err(error) => return (None, vec![refused(ABOUT, &error)]),
    };
    let mut findings =
        vec![Finding::well(ABOUT, "可用，且他人不可读。", "it can be used, and nobody else can read it")];
    let secrets = match start::previous_secrets(config) {
        Ok(None) => secrets,
        Ok(Some(previous)) => {
            let zh = "同时接受旧密钥；轮换（liannong keys rotate）完成后请移除。";
            let en = "a second one is accepted; take it away once `liannong keys rotate` has nothing left";
            findings.push(Finding::doubtful("previous secret 旧密钥", zh, en));
            secrets.accepting(previous)
        }
        Err(error) => {
            findings.push(refused("previous secret 旧密钥", &error));
            secrets
        }
    };
    (Some(secrets), findings)
}

fn refused(about: &'static str, error: &StartError) -> Finding {
    let zh = match error {
        StartError::Secret(SecrecyError::OpenPermissions(file)) => {
            format!("密钥文件 {file} 他人可读，请执行 chmod 600。")
        }
        StartError::Secret(SecrecyError::MalformedSecret) => "主密钥应为 64 位十六进制数字。".to_owned(),
        StartError::Secret(SecrecyError::File(file, _)) => format!("密钥文件 {file} 无法读取，请检查路径与权限。"),
        StartError::NoSecret => "生产模式必须设置 LIANNONG_SECRET 或 LIANNONG_SECRET_FILE。".to_owned(),
        _ => "主密钥不可用。".to_owned(),
    };
    Finding::ill(about, zh, error.to_string())
}

/// The data folder and the folder of uploads: whether files can be written there.
pub(super) fn folder(config: &Config) -> Vec<Finding> {
    let mut findings = vec![writable("data folder 数据目录", &config.data)];
    match &config.files {
        Some(address) => {
            let (zh, en) = (format!("上传文件保存在 {address}。"), format!("uploads are kept in {address}"));
            findings.push(Finding::well("documents 文件目录", zh, en));
        }
        None => findings.push(writable("documents 文件目录", &config.data.join("files"))),
    }
    findings
}

fn writable(about: &'static str, folder: &Path) -> Finding {
    let place = folder.display();
    if !folder.exists() {
        let made = format!("{place} 尚不存在，首次启动时创建。");
        return Finding::well(about, made, format!("{place} is not there yet; the first start makes it"));
    }
    let trial = folder.join(format!(".doctor-{}", std::process::id()));
    let tried = std::fs::write(&trial, b"?").and_then(|()| std::fs::remove_file(&trial));
    match tried {
        Ok(()) => Finding::well(about, format!("{place} 可写。"), format!("{place} can be written")),
        Err(error) => Finding::ill(
            about,
            format!("{place} 不可写（{error}），请检查属主与权限。"),
            format!("{place} cannot be written: {error}; check who owns it"),
        ),
    }
}

/// How much room the disk of the data folder has.
pub(super) fn disk(config: &Config) -> Finding {
    const ABOUT: &str = "disk 磁盘";
    let existing = config.data.ancestors().find(|folder| folder.exists() && !folder.as_os_str().is_empty());
    let Some(free) = free_mib(existing.unwrap_or(Path::new("."))) else {
        return Finding::doubtful(
            ABOUT,
            "无法得知剩余空间，请自行查看。",
            "its free space could not be learnt; look yourself",
        );
    };
    let (zh, en) = (format!("剩余 {free} MiB"), format!("{free} MiB are free"));
    match free {
        ..LEAST_MIB => Finding::ill(
            ABOUT,
            format!("{zh}，不足以运行，请清理或扩容。"),
            format!("{en}, too little to run; make room"),
        ),
        LEAST_MIB..LITTLE_MIB => {
            Finding::doubtful(ABOUT, format!("{zh}，偏少，请留意。"), format!("{en}, which is little"))
        }
        _ => Finding::well(ABOUT, format!("{zh}。"), en),
    }
}

/// By `df`, as POSIX has it: the fourth column of the second line counts 1024 bytes.
fn free_mib(folder: &Path) -> Option<u64> {
    let said = Command::new("df").arg("-Pk").arg(folder).output().ok().filter(|said| said.status.success())?;
    let text = String::from_utf8(said.stdout).ok()?;
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1024)
}

/// Whether mail goes out.
pub(super) async fn mail(config: &Config) -> Finding {
    const ABOUT: &str = "mail 邮件";
    if config.smtp_url.is_none() {
        let (zh, en) = (
            "未设置 LIANNONG_SMTP_URL，邮件只写入数据目录。",
            "LIANNONG_SMTP_URL is not set: mails are written into the data folder",
        );
        return if config.production { Finding::doubtful(ABOUT, zh, en) } else { Finding::well(ABOUT, zh, en) };
    }
    let mailer = match Mailer::open(config) {
        Ok(mailer) => mailer,
        Err(error) => {
            return Finding::ill(ABOUT, "LIANNONG_SMTP_URL 或 LIANNONG_MAIL_FROM 不正确。", error.to_string());
        }
    };
    match tokio::time::timeout(PATIENCE, mailer.reaches()).await {
        Ok(Ok(true)) => Finding::well(ABOUT, "邮件服务器可用。", "the server answers"),
        Ok(Ok(false)) => Finding::ill(ABOUT, "邮件服务器拒绝服务。", "the server answers, and refuses us"),
        Ok(Err(error)) => Finding::ill(
            ABOUT,
            "邮件服务器连不上，请检查 LIANNONG_SMTP_URL 与防火墙。",
            format!("the server cannot be reached: {error}; check LIANNONG_SMTP_URL and firewalls"),
        ),
        Err(_) => Finding::ill(
            ABOUT,
            "邮件服务器 10 秒内没有回应。",
            "the server does not answer within 10 seconds; check LIANNONG_SMTP_URL and firewalls",
        ),
    }
}

/// Whether the search engine answers.
pub(super) async fn search(config: &Config) -> Finding {
    const ABOUT: &str = "search 搜索";
    if config.meilisearch_url.is_none() && !config.data.join("search").exists() {
        return Finding::well(ABOUT, "内嵌索引将在首次启动时建立。", "the embedded index is made at the first start");
    }
    let asked = async {
        let engine = Engine::configured(config)?;
        Ok((engine.name(), engine.count().await?))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok((name, count))) => {
            Finding::well(ABOUT, format!("{name}：{count} 个商品。"), format!("{name} knows {count} products"))
        }
        Ok(Err::<_, crate::search::SearchError>(error)) => Finding::doubtful(
            ABOUT,
            "搜索引擎不可用，期间由数据库代答；请检查 LIANNONG_MEILISEARCH_URL 与密钥，或执行 liannong search rebuild。",
            format!(
                "the engine does not answer: {error}; the database answers in its place. Check LIANNONG_MEILISEARCH_URL and the key, or run `liannong search rebuild`"
            ),
        ),
        Err(_) => Finding::doubtful(
            ABOUT,
            "搜索引擎 10 秒内没有回应，期间由数据库代答。",
            "the engine does not answer within 10 seconds; the database answers in its place",
        ),
    }
}

/// Whether spans are told, and the collector takes them. A house runs without; so it is never ill for that, but it does not
/// start with an address or a protocol that is none.
pub(super) async fn telemetry(config: &Config) -> Finding {
    const ABOUT: &str = "telemetry 链路追踪";
    let wanted = &config.open_telemetry;
    let unreached = |why: &str| {
        Finding::doubtful(
            ABOUT,
            "收集器不接收链路数据：服务照常运行，但链路数据会丢失；请检查 OTEL_EXPORTER_OTLP_ENDPOINT、请求头与防火墙。",
            format!(
                "the collector does not take spans: {why}; the house runs, and they are lost. Check \
                 OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS and firewalls"
            ),
        )
    };
    match tokio::time::timeout(PATIENCE, telemetry::reach(wanted)).await {
        Ok(Ok(false)) => Finding::well(ABOUT, "未启用。", "it is off: no collector is configured"),
        Ok(Ok(true)) => Finding::well(ABOUT, "收集器可用。", "the collector takes spans"),
        Ok(Err(error @ TelemetryError::Exporter(_))) => unreached(&error.to_string()),
        Ok(Err(error)) => Finding::ill(
            ABOUT,
            "OTEL_EXPORTER_OTLP_… 不正确：地址应形如 http://127.0.0.1:4318，协议应为 http/protobuf。",
            error.to_string(),
        ),
        Err(_) => unreached("it does not answer within 10 seconds"),
    }
}

/// Whether somebody can listen there, and what is printed on packs.
pub(super) fn address(config: &Config) -> Finding {
    const ABOUT: &str = "address 地址";
    let public = config.public_address();
    if config.production && !public.starts_with("https://") {
        return Finding::doubtful(
            ABOUT,
            format!("对外地址 {public} 不是 https，它会印在包装上；请设置 LIANNONG_PUBLIC_ADDRESS。"),
            format!("{public} is printed on packs and is not https; set LIANNONG_PUBLIC_ADDRESS"),
        );
    }
    match std::net::TcpListener::bind(config.listen) {
        Ok(_) => Finding::well(ABOUT, format!("{} 可监听。", config.listen), format!("{} is free", config.listen)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::doubtful(
            ABOUT,
            format!("{} 已被占用；如即本服务则正常。", config.listen),
            format!("somebody listens on {} already; fine if it is this house", config.listen),
        ),
        Err(error) => Finding::ill(
            ABOUT,
            format!("无法监听 {}（{error}），请改用 LIANNONG_LISTEN。", config.listen),
            format!("cannot listen on {}: {error}; choose another with LIANNONG_LISTEN", config.listen),
        ),
    }
}
