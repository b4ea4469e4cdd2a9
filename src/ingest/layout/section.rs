//! Lone names between the rows of a list that head what follows: 第五批, 新增企业, a city, 省级.

use std::sync::LazyLock;

use regex::Regex;

use crate::ingest::parse::region::Gazetteer;
use crate::ingest::parse::text::comparable;

use super::words::is_own;

/// Longer texts are names or remarks.
const SECTION_CHARS_MAX: usize = 16;
/// What divides a list by its rows' kind.
const KINDS: [&str; 40] = [
    "新增",
    "新认定",
    "新申报",
    "新入库",
    "新签约",
    "新开工",
    "续建",
    "新建",
    "在建",
    "存量",
    "原有",
    "已有",
    "已认定",
    "拟认定",
    "已通过",
    "本月",
    "本年",
    "今年",
    "当月",
    "上半年",
    "下半年",
    "国家级",
    "省级",
    "市级",
    "县级",
    "区级",
    "省属",
    "央属",
    "省直",
    "央企",
    "国企",
    "民企",
    "民营",
    "国有",
    "外资",
    "规上",
    "规下",
    "其他",
    "重点",
    "一般",
];
/// What a section is denied by; it is a heading all the same.
const DENIED: [&str; 6] = ["退出", "撤销", "储备", "调出", "取消", "终止"];
const ENDS: [&str; 10] = ["企业", "项目", "名单", "清单", "单位", "部分", "产品", "平台", "类", "级"];

static BATCH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:(?:19|20)\d{2}年?度?)?第?[一二三四五六七八九十\d]{1,3}批次?(?:企业|项目|名单|清单)?$").ok());
static YEAR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:19|20)\d{2}年(?:度|新增|新认定|认定)?(?:企业|项目|名单|清单)?$").ok());
/// How many follow: 杭州市12家, 共12家.
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[:,]?共?\d+[家个项户件]$").ok());

/// Whether a text that stands alone on its row heads the rows below it.
#[must_use]
pub fn is_section(text: &str, gazetteer: &Gazetteer) -> bool {
    let key = comparable(text);
    let bare = key.split('(').next().filter(|bare| !bare.is_empty()).unwrap_or(&key);
    let bare = COUNT.as_ref().map_or(bare.into(), |count| count.replace(bare, ""));
    let bare = bare.trim_matches(|c: char| matches!(c, ':' | '-' | '*' | '#' | '[' | ']' | '【' | '】'));
    if bare.is_empty() || bare.chars().count() > SECTION_CHARS_MAX {
        return false;
    }
    let fits = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(bare));
    let kinds = || KINDS.iter().chain(&DENIED);
    let is_kind = || {
        let of_kind = kinds().filter_map(|kind| bare.strip_prefix(kind));
        of_kind.into_iter().any(|rest| rest.is_empty() || (rest.chars().count() <= 6 && ENDS.iter().any(|end| rest.ends_with(end))))
    };
    gazetteer.find(bare).is_some() || is_own(bare) || fits(&BATCH) || fits(&YEAR) || is_kind()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ingest::parse::region::tests::cities;

    #[rstest]
    #[case("第五批", true)]
    #[case("2022年第一批", true)]
    #[case("2022年第一批名单", true)]
    #[case("新增企业", true)]
    #[case("新认定企业：", true)]
    #[case("省级", true)]
    #[case("省本级", true)]
    #[case("杭州市", true)]
    #[case("杭州市（12家）", true)]
    #[case("杭州市12家", true)]
    #[case("退出企业", true)]
    #[case("2021年", true)]
    #[case("重点技改项目", true)]
    #[case("杭州甲子样例机电有限公司", false)]
    #[case("新增长科技有限公司", false)]
    #[case("省级新材料创新中心", false)]
    #[case("重点实验室", false)]
    #[case("国有资本运营公司", false)]
    #[case("宁波样例汽车产业集群", false)]
    #[case("本月光电", false)]
    fn sections_are_told_from_names(#[case] text: &str, #[case] expected: bool) {
        let (province, cities) = cities();
        assert_eq!(is_section(text, &Gazetteer::new(&province, &cities)), expected);
    }
}
