//! What had to be done to a cell to read it, and why one could not be read.

use crate::model::FindingCode;

/// One way in which a cell's form was changed on reading. Each is told to the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    FullWidth,
    Separators,
    TextNumber,
    Approximate,
    ChineseNumeral,
    Suffix,
    CellUnit,
    /// The column's own unit, typed behind the number.
    OwnUnit,
    Parentheses,
    PercentSign,
    PercentFormat,
    Worded,
    Placeholder,
    TextDate,
    TimeOfDay,
    MonthDate,
    DigitsDate,
    SerialDate,
    YearAdded,
    NumberAsText,
    Spelling,
    /// A region with a note in brackets.
    Noted,
    FilledDown,
}

impl Kind {
    /// What was found, in Chinese, as the middle of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::FullWidth => "为全角数字，已按半角读取",
            Self::Separators => "含千分位分隔符，已去掉",
            Self::TextNumber => "为文本型数字，已按数值读取",
            Self::Approximate => "带“约”“左右”等字样，已按其中数字读取",
            Self::ChineseNumeral => "为中文数字，已按数值读取",
            Self::Suffix => "带“万”“亿”等数位，已按本栏单位换算",
            Self::CellUnit => "带计量单位，已按本栏单位换算",
            Self::OwnUnit => "带计量单位，已按其中数字读取",
            Self::Parentheses => "为括号内的数，已按负数读取",
            Self::PercentSign => "带百分号，已按百分数读取",
            Self::PercentFormat => "为百分比格式，已乘以100",
            Self::Worded => "带“增长”“下降”等字样，已按正负数读取",
            Self::Placeholder => "填有“—”“/”“无”等符号，按未填处理（不作零）",
            Self::TextDate => "为文本型日期，已按日期读取",
            Self::TimeOfDay => "带时刻，已按当日读取",
            Self::MonthDate => "只有年月，按当月1日读取",
            Self::DigitsDate => "为连写数字，已按日期读取",
            Self::SerialDate => "为日期序号，已按日期读取",
            Self::YearAdded => "缺少年份，按数据期年份读取",
            Self::NumberAsText => "为数值，已按文本读取",
            Self::Spelling => "写法与规范名称不同，已按规范名称读取",
            Self::Noted => "带括号说明，已按括号前的设区市读取",
            Self::FilledDown => "为合并或省略的单元格，沿用其上方内容",
        }
    }
}

/// The changes made to one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kinds(pub Vec<Kind>);

impl Kinds {
    /// Notes a change once.
    pub fn add(&mut self, kind: Kind) {
        if !self.0.contains(&kind) {
            self.0.push(kind);
        }
    }
}

/// Why a cell could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: FindingCode,
    /// What should stand there, in Chinese.
    pub expected: String,
}

impl Fault {
    /// An Excel error value.
    #[must_use]
    pub fn error_value() -> Self {
        Self { code: FindingCode::ErrorValue, expected: "数值或文字（请修正公式后粘贴为数值）".to_owned() }
    }
}
