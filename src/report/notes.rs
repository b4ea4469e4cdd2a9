//! 说明: what the plan rests on, definitions, calculation, lights, and the words for what is not there.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW};
use super::page::{self, Orientation};
use super::table::{Cell, Row, Table, column};
use crate::plan::LightRules;
use crate::present::theme::{Element, Theme};
use crate::present::{captions, owners};
use crate::settings::Appearance;

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Portrait);
    page::head(sheet, edition, theme, "说　明", &edition.subtitle())?;
    let mut lines = basis(edition);
    lines.extend(calculation());
    lines.extend(regions(edition.appearance));
    lines.extend(lights(&edition.plan.lights));
    lines.extend(gaps());
    let own = |word: &str, text: String| theme.captions().note(word).map_or(text, ToOwned::to_owned);
    let rows = lines.into_iter().map(|(word, text)| row(word, own(word, text)));
    let notes = edition.measures.iter().filter(|measure| !measure.notes.is_empty());
    let notes =
        notes.map(|measure| row(&format!("{}{}", captions::ordinal(measure.number), measure.short_title), measure.notes.join("；")));
    let table = Table {
        name: "notes".to_owned(),
        columns: vec![column("事项", 20, 26), column("说明", 90, 90)],
        rows: rows.chain(notes).collect(),
        empty: "没有说明",
    };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Portrait, table.pixels(), table.sheet_height());
    Ok(())
}

fn row(word: &str, text: String) -> Row {
    vec![Cell::text(Element::Name, word), Cell::text(Element::Text, text)].into()
}

type Line = (&'static str, String);

fn basis(edition: &Edition) -> Vec<Line> {
    let sample =
        edition.appearance.sample.then(|| ("样例", format!("{}。本册各项数据均为演示用的样例，不反映实际情况。", captions::SAMPLE_MARK)));
    let outside: String = edition.measures.iter().filter_map(|measure| owners::outside(edition.plan, measure)).collect();
    let owners = format!("各举措责任单位按方案所列顺序排列，按职能分工负责；指标的责任单位为该指标数据的报送和解释单位。{outside}");
    let mut lines = vec![
        (
            "编制依据",
            format!(
                "《{}》。指标和目标均以方案为准；年度目标一栏按方案所列目标整理，括号内为方案用语、时限或折算，并非逐字引用。",
                edition.plan.name
            ),
        ),
        ("数据口径", format!("{}。", edition.appearance.note.trim_end_matches('。'))),
        ("责任单位", owners),
    ];
    lines.extend(sample);
    lines
}

fn calculation() -> Vec<Line> {
    [
        ("数据期", "以数据所属月份命名，与报送、编制日期无关。1—2月合并调度的指标，2月列1—2月累计，不列当月数。按季度调度或滞后一定月份的指标，列最近应报一期的数据，并注明数据期。"),
        ("累计", "当月数按年内各月相加；累计数按报送的年初至当月累计；时点数为期末数；清单类为截至期末的全部在册项数。比率由分子合计除以分母合计得出，不取各地比率的平均数。"),
        ("同比", "与上年同期累计相比的增减幅度（%）；比率类指标为百分点之差。公布同比为统计等部门按可比口径公布的增速，计算同比为两年报送数直接相比，二者口径不同，不作替换。上年同期为零、为负或缺失的不计算。"),
        ("完成年度目标", "累计数与年度目标之比。目标为“超”的，须大于该数；“左右”的，以该数上下5%为限（计数类不少于1），高于即为完成。"),
        ("序时进度", "未另行确定进度的，按月数除以12计算；分批认定、按期限出台的，按确定的时点计算；跨年度目标按全部月数计算。"),
        ("比序时进度", "完成年度目标（%）减序时进度（%）的差，先计算后四舍五入，单位为百分点。"),
        ("月均需", "年度目标减累计数，除以剩余月数；计数类进位取整。已达到目标的为“已完成”。"),
        ("预计全年（推算）", "累计数加近3个月月均进度与剩余月数之积，仅供参考，不作评价依据。"),
    ]
    .map(|(word, text)| (word, text.to_owned()))
    .to_vec()
}

/// What is said of the cities; what is switched off is not explained either.
fn regions(appearance: &Appearance) -> Vec<Line> {
    let ranks = "按累计同比（没有同比的按完成率）由高到低排列，并列的位次相同；未报送的不列位次。位次变化与上一数据期相比。";
    let lights = if appearance.region_lights { "不评价各市亮灯，" } else { "" };
    let targets = format!("目标未分解到市的，不计算各市完成率，{lights}只列与全省增速之差。");
    let mut lines = vec![("各市目标", targets)];
    if appearance.ranks {
        lines.insert(0, ("位次", ranks.to_owned()));
    }
    lines
}

/// The light rules with the numbers they are judged by.
fn lights(rules: &LightRules) -> Vec<Line> {
    let (green, red) = (rules.pace_green.normalize(), rules.pace_red.normalize());
    let yellow_times = rules.at_most_yellow_times.normalize();
    vec![
        (
            "亮灯（进度类）",
            format!(
                "比序时进度不低于{green}个百分点或已达到目标的为绿；低于序时进度不足{}个百分点的为黄；低于{}个百分点及以上的为红。目标年度最后一个月，达到目标为绿，未达到为红。",
                red.abs(),
                red.abs()
            ),
        ),
        (
            "亮灯（增速类）",
            format!(
                "达到增速目标为绿；低于目标不足{0}个百分点为黄；低于{0}个百分点及以上或下降的为红。同时有总量和增速目标的，取较低的一项。",
                rules.growth_red_short.normalize()
            ),
        ),
        ("亮灯（比率类）", format!("全年须保持的比率，达到为绿；低于目标值不足{0}%为黄，其余为红。", rules.ratio_yellow_pct.normalize())),
        (
            "亮灯（稳定类）",
            format!(
                "“基本稳定”的份额与上年同期相比，变化不低于{}个百分点为绿，不低于{}个百分点为黄，其余为红。",
                rules.hold_green.normalize(),
                rules.hold_yellow.normalize()
            ),
        ),
        ("亮灯（上限类）", format!("不高于目标为绿；不高于目标{yellow_times}倍为黄，其余为红。")),
        ("连续期数", "括号内为连续亮该灯的数据期数（含本期），灰灯的月份不中断计数；按季度调度的，一个季度计一期。".to_owned()),
    ]
}

fn gaps() -> Vec<Line> {
    [
        ("灰灯", "未报送：应报而未收到合格数据；未到报送期：按季度或滞后调度，本期尚无应报数据；暂不评价：本期只跟踪，不评价。占比只以应评价（绿、黄、红）的指标为基数。"),
        ("未报与零", "未报送不作零处理；“—”为不适用或无法计算；0为报送数为零。部分单位或地区未报的，累计为已报部分之和，并注明已报数。"),
        ("四舍五入", "因四舍五入，尾数可能相差0.1；由万元等换算后列示的，分市数相加与全省数可能有尾差。"),
        ("出处", "“主要指标”“指标明细”和各举措表中的累计数、上年同期数、公布同比可点击，转到“数据来源”中该数据的文件、工作表和单元格；一个数据出自多个文件的，转到第一个。当月数转到本期累计，上期累计的出处见上期报告。行数为0的，为清单中没有该地区的项目，所列单元格为查找的范围。"),
    ]
    .map(|(word, text)| (word, text.to_owned()))
    .to_vec()
}
