//! Lights (亮灯): always a word as well as a colour, and grey says why.

use serde::{Deserialize, Serialize};

/// Why an indicator is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GreyReason {
    /// 未报送: expected by now and not there.
    NotReported,
    /// 未到报送期: a quarter or a lag that has not come round.
    NotDue,
    /// 暂不评价: followed, but not judged now.
    NotJudged,
}

impl GreyReason {
    /// The word printed beside grey.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotReported => "未报送",
            Self::NotDue => "未到报送期",
            Self::NotJudged => "暂不评价",
        }
    }
}

/// The light of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    Green,
    Yellow,
    Red,
    Grey(GreyReason),
}

impl Light {
    /// `green | yellow | red | grey`, as in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Grey(_) => "grey",
        }
    }

    /// The Chinese word of the colour: 绿 黄 红 灰.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "绿",
            Self::Yellow => "黄",
            Self::Red => "红",
            Self::Grey(_) => "灰",
        }
    }

    /// The reason of a grey light.
    #[must_use]
    pub fn grey_reason(self) -> Option<GreyReason> {
        if let Self::Grey(reason) = self { Some(reason) } else { None }
    }

    /// Whether it counts among the judged (应评价) indicators.
    #[must_use]
    pub fn is_judged(self) -> bool {
        !matches!(self, Self::Grey(_))
    }

    /// The worse of two judged lights; grey gives way to a judged one.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |light: Self| match light {
            Self::Grey(_) => 0,
            Self::Green => 1,
            Self::Yellow => 2,
            Self::Red => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}
