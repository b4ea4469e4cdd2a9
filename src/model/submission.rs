//! A submission (报送): one file as it arrived, and why one may be refused unread.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// The lower-case hexadecimal BLAKE3 hash of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(pub String);

impl ContentHash {
    /// Hashes `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(blake3::hash(bytes).to_hex().to_string())
    }

    /// Hashes what `from` holds, piece by piece.
    ///
    /// # Errors
    /// It cannot be read to its end.
    pub fn of_stream(from: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(from)?;
        Ok(Self(hasher.finalize().to_hex().to_string()))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One file from a source, unchanged.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The bare file name, without folders.
    pub file: String,
    /// The names of the folders between the source's root and the file, outermost first (a hint at department and period).
    pub folders: Vec<String>,
    /// When the transport says it arrived; `None` leaves it to the run's now.
    pub received_at: Option<DateTime<FixedOffset>>,
    /// Its content hash.
    pub hash: ContentHash,
    /// Its bytes; empty where it was not read in.
    pub bytes: Vec<u8>,
    /// Why it was not even read in.
    pub unread: Option<Refusal>,
}

impl Submission {
    /// A file from the archive, as it was received under `path` (see [`Self::path`]).
    #[must_use]
    pub fn kept(path: &str, received_at: DateTime<FixedOffset>, hash: ContentHash, bytes: Vec<u8>) -> Self {
        let mut folders: Vec<String> = path.split('/').map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        Self { file, folders, received_at: Some(received_at), hash, bytes, unread: None }
    }

    /// The folders below the source and the file name, joined by `/`.
    #[must_use]
    pub fn path(&self) -> String {
        self.folders.iter().chain([&self.file]).map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

/// Why a file is refused without being read as a workbook. A closed list; docs/findings.md explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    Encrypted,
    HtmlRenamed,
    TextRenamed,
    Xml2003,
    Truncated,
    Empty,
    TooLarge,
    TooManyCells,
    MacroSheetOnly,
    OldBiff,
    NotAWorkbook,
    /// A rar or 7z, an archive in a zip, or a zip packed in a way that cannot be read.
    Packed,
    /// A zip with a password.
    LockedArchive,
    /// A zip without a table in it.
    NothingPacked,
    /// An archive that breaks the limits on entries, names, ratio or shared strings.
    HostileArchive,
    /// A document type declaration inside a part.
    Doctype,
    /// The process that read it was killed twice, or stopped for good: the file may not be to blame.
    WorkerDied,
    /// Reading it takes more processor time than a file may.
    OutOfTime,
    /// The reader panics on it.
    ReaderFailed,
    /// 疑似涉密: a secrecy mark was found; nothing of the content is kept or passed on.
    SuspectedSecret,
    UnknownDepartment,
    UnknownPeriod,
}

impl Refusal {
    /// Every reason.
    pub const ALL: [Self; 22] = [
        Self::Encrypted,
        Self::HtmlRenamed,
        Self::TextRenamed,
        Self::Xml2003,
        Self::Truncated,
        Self::Empty,
        Self::TooLarge,
        Self::TooManyCells,
        Self::MacroSheetOnly,
        Self::OldBiff,
        Self::NotAWorkbook,
        Self::Packed,
        Self::LockedArchive,
        Self::NothingPacked,
        Self::HostileArchive,
        Self::Doctype,
        Self::WorkerDied,
        Self::OutOfTime,
        Self::ReaderFailed,
        Self::SuspectedSecret,
        Self::UnknownDepartment,
        Self::UnknownPeriod,
    ];

    /// Reads a code back.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }

    /// The code as in `--json`, for instance `html-renamed`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::HtmlRenamed => "html-renamed",
            Self::TextRenamed => "text-renamed",
            Self::Xml2003 => "xml-2003",
            Self::Truncated => "truncated",
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::TooManyCells => "too-many-cells",
            Self::MacroSheetOnly => "macro-sheet-only",
            Self::OldBiff => "old-biff",
            Self::NotAWorkbook => "not-a-workbook",
            Self::Packed => "packed",
            Self::LockedArchive => "locked-archive",
            Self::NothingPacked => "nothing-packed",
            Self::HostileArchive => "hostile-archive",
            Self::Doctype => "doctype",
            Self::WorkerDied => "worker-died",
            Self::OutOfTime => "out-of-time",
            Self::ReaderFailed => "reader-failed",
            Self::SuspectedSecret => "suspected-secret",
            Self::UnknownDepartment => "unknown-department",
            Self::UnknownPeriod => "unknown-period",
        }
    }

    /// What the sender is told: the reason and the way out, in Chinese.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Encrypted => "加密文件，无法读取，请去掉打开密码；未设打开密码的，请在“审阅”中取消“保护工作簿”，然后重新报送",
            Self::HtmlRenamed => "实为网页（HTML）文件，只是改了扩展名，请用Excel或WPS打开后另存为.xlsx再报送",
            Self::TextRenamed => "实为文本文件，只是改了扩展名，请用Excel或WPS打开后另存为.xlsx再报送",
            Self::Xml2003 => "为Excel 2003 XML表格，请用Excel或WPS打开后另存为.xlsx再报送",
            Self::Truncated => "文件不完整（可能传输中断），请重新报送",
            Self::Empty => "文件为空（0字节），请重新报送",
            Self::TooLarge => "文件超过大小上限，请删去图片、附件和无关工作表后重新报送",
            Self::TooManyCells => "工作表范围过大，请删去表格以外的行列（选中后整行、整列删除）后重新报送",
            Self::MacroSheetOnly => "只含宏表，没有数据工作表，请另存为.xlsx再报送",
            Self::OldBiff => "为Excel 95及更早的格式，请另存为.xlsx再报送",
            Self::NotAWorkbook => "不是电子表格文件，请用Excel或WPS另存为.xlsx再报送",
            Self::Packed => {
                "是压缩包（rar、7z，或压缩包里的压缩包），未打开，请解压后将其中的电子表格逐个报送，或压缩成一个zip（不套压缩包）报送"
            }
            Self::LockedArchive => "压缩包设有密码，未打开，请去掉密码重新压缩，或将其中的电子表格逐个报送",
            Self::NothingPacked => "压缩包里没有电子表格，请将电子表格放入后重新压缩，或直接报送电子表格（套在里面的压缩包请先解压）",
            Self::HostileArchive => "压缩结构异常，为安全起见未打开，请将电子表格用Excel或WPS打开后另存为新的.xlsx，不经压缩直接报送",
            Self::Doctype => "文件内部含有不允许的文档类型声明，为安全起见未打开，请另存为新的.xlsx再报送",
            Self::WorkerDied => {
                "读取时意外中断（多因内存不足），原件已存档，以后几次查收时还会再读；也可另存为新的.xlsx、删去无关内容后重新报送"
            }
            Self::OutOfTime => "读取用时超出上限，已隔离，请另存为新的.xlsx、删去无关的公式和行列后重新报送",
            Self::ReaderFailed => "读取程序在此文件上出错（不是超时或文件过大），已隔离，请用Excel或WPS打开、另存为新的.xlsx后重新报送",
            Self::SuspectedSecret => "疑似涉密文件，请立即停止传输并按保密规定处理",
            Self::UnknownDepartment => "无法确定报送单位，请在文件名中写明单位简称（如“省经信厅_2022-06.xlsx”）后重新报送",
            Self::UnknownPeriod => "无法确定数据期，请在文件名中写明数据月份（如“省经信厅_2022-06.xlsx”）后重新报送",
        }
    }
}
