//! What can be wrong with a file.

use super::content;
use crate::access::AccessError;
use crate::problem::{self, Describe, Kind, Problem};
use entity::value::FileId;
use sea_orm::DbErr;

problem::kinds! {
    FILE_EMPTY = 400 "file_empty", "文件为空", "The file is empty",
        "请把文件内容作为请求体上传。", "Send the file's content as the body.";
    FILE_TYPE_REFUSED = 415 "file_type_refused", "不接受此类文件", "This kind of file is not kept",
        "可上传 PDF、PNG、JPEG、CSV、XLSX，Content-Type 须与内容一致。",
        "PDF, PNG, JPEG, CSV and XLSX are kept; the Content-Type must be what the content is.";
    FILE_UNKNOWN = 422 "file_unknown", "没有所引用的文件", "A file referred to is not there",
        "请先由本单位上传文件（POST /api/v1/files），再引用其编号。",
        "Upload the file for your organisation first (POST /api/v1/files), then refer to it.";
    FILE_INFECTED = 422 "file_infected", "文件未通过安全扫描", "The file did not pass the scan",
        "请用杀毒软件检查后重新导出并上传。", "Check it for malware, make it anew and upload it again.";
    SCAN_UNAVAILABLE = 503 "scan_unavailable", "安全扫描暂不可用", "The scan is not available",
        "请稍后重试；文件没有保存。", "Try again shortly; the file was not kept.";
}

/// What can be wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Nothing there, or out of reach.
    #[error("no such file in reach")]
    NotFound,
    /// A file that another domain refers to is not the organisation's own.
    #[error("file {0} is not the organisation's own")]
    NotOwn(FileId),
    /// The name cannot be kept.
    #[error("the name of the file is not acceptable")]
    NameWrong,
    /// Nothing came.
    #[error("the file is empty")]
    Empty,
    /// More came than is kept.
    #[error("the file is too large")]
    TooLarge,
    /// Neither a kind that is kept, nor what it says it is.
    #[error("a file declared as {declared} looks like {found:?}")]
    TypeRefused {
        /// What the sender said.
        declared: String,
        /// What it is, when it is of a kind that is kept.
        found: Option<&'static str>,
    },
    /// The scan refused it.
    #[error("the scan refused the file")]
    Infected,
    /// The scan could not be asked.
    #[error("the scan could not be asked")]
    ScanFailed,
    /// The sender stopped.
    #[error("receiving the file")]
    Interrupted,
    /// Not allowed.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Disk.
    #[error("keeping or reading a file")]
    Disk(#[from] std::io::Error),
    /// Database.
    #[error("asking the database")]
    Database(#[from] DbErr),
}

impl Describe for DocumentError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(&problem::NOT_FOUND),
            Self::NotOwn(id) => Problem::new(
                &FILE_UNKNOWN,
                format!("本单位没有编号为 {id} 的文件。"),
                format!("Your organisation has no file {id}."),
            ),
            Self::NameWrong => Problem::invalid(
                "?name",
                "文件名应为 1 至 200 个字符，不含路径分隔符与控制字符。",
                "The name has 1 to 200 characters, no path separators and no control characters.",
            ),
            Self::Empty => Problem::plain(&FILE_EMPTY),
            Self::TooLarge => Problem::new(
                &problem::PAYLOAD_TOO_LARGE,
                "文件不得超过 10 MiB，表格不得超过 64 MiB。",
                "A file has at most 10 MiB, a sheet 64 MiB.",
            ),
            Self::TypeRefused { declared, found } => {
                let (zh, en) = match found {
                    Some(found) => (format!("内容是 {found}。"), format!("The content is {found}.")),
                    None => (
                        "内容不是可接受的类型。".to_owned(),
                        format!(
                            "The content is none of {}.",
                            [content::PDF, content::PNG, content::JPEG, content::CSV, content::XLSX].join(", ")
                        ),
                    ),
                };
                Problem::plain(&FILE_TYPE_REFUSED).at(
                    "Content-Type",
                    format!("声明为 {declared}，{zh}"),
                    format!("Declared as {declared}. {en}"),
                )
            }
            Self::Infected => Problem::plain(&FILE_INFECTED),
            Self::ScanFailed => Problem::plain(&SCAN_UNAVAILABLE),
            Self::Interrupted => Problem::plain(&problem::UNREADABLE),
            Self::Access(error) => error.problem(),
            Self::Disk(_) => Problem::internal(),
            Self::Database(error) => error.problem(),
        }
    }
}
