//! Entries of a source that were not read, and why; names for the eye.

use std::ffi::OsStr;
use std::io;

/// An entry of a source that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Below the source's root, byte for byte.
    pub raw: Vec<u8>,
    /// The names of the folders between the source's root and the entry, outermost first.
    pub folders: Vec<String>,
    pub name: String,
    pub reason: UnreadReason,
}

/// Why an entry was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadReason {
    Denied,
    NotAFile,
    TooDeep,
    /// It vanished, or the disk failed.
    Failed,
    /// Somebody is writing it.
    BeingWritten,
    /// One look takes in so much and no more.
    NextLook,
}

impl UnreadReason {
    const ALL: [Self; 6] = [Self::Denied, Self::NotAFile, Self::TooDeep, Self::Failed, Self::BeingWritten, Self::NextLook];

    /// Reads a word back.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The word in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Denied => "permission-denied",
            Self::NotAFile => "not-a-regular-file",
            Self::TooDeep => "nested-too-deep",
            Self::Failed => "read-failed",
            Self::BeingWritten => "being-written",
            Self::NextLook => "next-look",
        }
    }

    /// The same in Chinese, with what to do.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Denied => "没有读取权限，请检查文件或文件夹的权限",
            Self::NotAFile => "不是普通文件（链接等不予读取），请放入文件本身",
            Self::TooDeep => "所在文件夹层数过多，请移到较浅的文件夹",
            Self::Failed => "读取失败，请检查磁盘或重新放入",
            Self::BeingWritten => "正在写入，写完后下次收取",
            Self::NextLook => "本次收取已达上限，下次收取",
        }
    }

    /// Whether the next look will read it, without anybody's doing.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(self, Self::BeingWritten | Self::NextLook)
    }
}

impl From<&io::Error> for UnreadReason {
    fn from(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::PermissionDenied { Self::Denied } else { Self::Failed }
    }
}

/// A name for the eye: names that are no UTF-8 are taken for the GBK of older systems.
pub fn shown(name: &OsStr) -> String {
    match name.to_str() {
        Some(name) => name.to_owned(),
        None => encoding_rs::GB18030.decode_without_bom_handling(name.as_encoded_bytes()).0.into_owned(),
    }
}
