//! Letters to try templates on: one with everything in it, one with nothing that can be absent.

use crate::deliver::letter::{Attention, Chart, Letter, Tile};

/// What a department might have written; it must come out as text.
pub const FOREIGN_MARKUP: &str = "<b>甲&乙</b>";

/// The full letter and the bare one.
pub fn letters() -> Vec<serde_json::Value> {
    [full(), bare()].iter().filter_map(|letter| serde_json::to_value(letter).ok()).collect()
}

fn full() -> Letter {
    let attention = |light, word: &str| Attention {
        light,
        word: word.to_owned(),
        title: format!("技术改造投资{FOREIGN_MARKUP}"),
        place: "（六）".to_owned(),
        sentence: format!("1—6月累计完成1604.20亿元{FOREIGN_MARKUP}。"),
        reason: Some(format!("原因：{FOREIGN_MARKUP}。")),
        brief: light == "yellow",
    };
    Letter {
        plan: "工业稳进提质".to_owned(),
        period: "2022年1—6月".to_owned(),
        version: 2,
        recipient: "省经信厅".to_owned(),
        mark: "内部资料　注意保存".to_owned(),
        sample: Some("样例数据　非真实数据"),
        title: "2022年1—6月主要指标进展情况".to_owned(),
        greeting: "省经信厅：".to_owned(),
        opening: vec![format!("现将有关情况反馈如下{FOREIGN_MARKUP}。")],
        corrections: vec![format!("由1.00更正为2.00{FOREIGN_MARKUP}。")],
        tiles: ["green", "yellow", "red", "grey"].map(|light| Tile { light, word: "绿".to_owned(), count: 1 }).to_vec(),
        chart: Some(Chart {
            cid: "chart@wenjin".to_owned(),
            title: "完成年度目标与序时进度".to_owned(),
            lines: vec![format!("技术改造投资{FOREIGN_MARKUP}")],
            alt: format!("技术改造投资{FOREIGN_MARKUP}"),
            width: 480,
            height: 300,
            above: true,
        }),
        attention: vec![attention("red", "红"), attention("yellow", "黄")],
        more: Some("另有黄灯2项。".to_owned()),
        owed: vec![format!("名单{FOREIGN_MARKUP}应于7月8日前报送。")],
        closing: "联系人：张三。".to_owned(),
        note: "仅供内部工作参考。".to_owned(),
        office: "省稳进提质协调办公室".to_owned(),
        date: "2022年7月11日".to_owned(),
    }
}

fn bare() -> Letter {
    Letter {
        version: 1,
        sample: None,
        corrections: vec![],
        tiles: vec![],
        chart: None,
        attention: vec![],
        more: None,
        owed: vec![],
        ..full()
    }
}
