//! Regions by any of their names.

use std::collections::HashMap;

use crate::ingest::grid::Value;
use crate::model::{FindingCode, RegionCode};
use crate::plan::Region;
use crate::plan::own::own;

use super::coercion::{Fault, Kind, Kinds};
use super::text::{comparable, half_width, is_placeholder, trimmed};

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    City(RegionCode),
    Province,
    /// A county, with its city.
    County(RegionCode),
}

/// All names of the province, its cities and their counties.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    places: HashMap<String, Place>,
    /// Names as printed, for messages and for telling a variant spelling.
    cities: Vec<(String, String)>,
}

impl Gazetteer {
    /// Indexes the names.
    #[must_use]
    pub fn new(province: &Region, regions: &[Region]) -> Self {
        let mut places = HashMap::new();
        for region in regions {
            for county in &region.counties {
                places.insert(comparable(county), Place::County(region.code.clone()));
            }
        }
        for (region, place) in
            std::iter::once((province, Place::Province)).chain(regions.iter().map(|region| (region, Place::City(region.code.clone()))))
        {
            for name in [&region.name, &region.short_name].into_iter().chain(&region.aliases) {
                places.insert(comparable(name), place.clone());
            }
            places.insert(region.code.0.clone(), place);
        }
        let cities = regions.iter().map(|region| (region.name.clone(), region.short_name.clone())).collect();
        Self { places, cities }
    }

    /// What `text` names.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<&Place> {
        let key = comparable(text);
        self.places.get(&key).or_else(|| {
            // `1.杭州市`, `（一）杭州`
            let bare = key.trim_start_matches(|c: char| c.is_ascii_digit() || ".、()一二三四五六七八九十".contains(c));
            if bare.len() == key.len() { None } else { self.places.get(bare) }
        })
    }

    /// The city of that name.
    #[must_use]
    pub fn city(&self, text: &str) -> Option<&RegionCode> {
        if let Some(Place::City(code)) = self.find(text) { Some(code) } else { None }
    }

    /// Reads a region cell.
    ///
    /// # Errors
    ///
    /// A county where a city belongs, or a name nobody knows.
    pub fn region(&self, value: &Value, kinds: &mut Kinds) -> Result<Option<RegionCode>, Fault> {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.normalize().to_string(),
            Value::Error(_) => return Err(Fault::error_value()),
            Value::Bool(_) | Value::Date(_) => return Err(self.unknown(FindingCode::UnknownRegion)),
        };
        if comparable(&text).is_empty() {
            return Ok(None);
        }
        let (text, noted) = match self.find(&text) {
            None => without_note(&text).filter(|(bare, _)| self.find(bare).is_some()).unwrap_or((text, false)),
            Some(_) => (text, false),
        };
        if noted {
            kinds.add(Kind::Noted);
        }
        match self.find(&text) {
            Some(Place::City(code)) => {
                if !self.cities.iter().any(|(name, short)| *name == text || *short == text) {
                    kinds.add(Kind::Spelling);
                }
                Ok(Some(code.clone()))
            }
            Some(Place::County(_)) => Err(self.unknown(FindingCode::CountyForCity)),
            // In a list 省本级, 跨市 and 省属 are places like any other; in a table of cities such rows never get here.
            None if is_own(&text) => Ok(Some(own().code.clone())),
            None if is_placeholder(&text) => {
                kinds.add(Kind::Placeholder);
                Ok(None)
            }
            Some(Place::Province) | None => Err(self.unknown(FindingCode::UnknownRegion)),
        }
    }

    fn unknown(&self, code: FindingCode) -> Fault {
        let names: Vec<&str> = self.cities.iter().map(|(_, short)| short.as_str()).collect();
        Fault { code, expected: format!("设区市名称（{}）", names.join("、")) }
    }
}

/// 杭州（含余杭） is 杭州 with a note.
fn without_note(text: &str) -> Option<(String, bool)> {
    let text = half_width(text);
    let (bare, note) = trimmed(&text).strip_suffix(')')?.split_once('(')?;
    (!note.is_empty() && !trimmed(bare).is_empty()).then(|| (trimmed(bare).to_owned(), true))
}

const OWN: [&str; 8] = ["省本级", "省级", "省属", "省直", "跨市", "省本级及跨市", "跨地区", "省级及跨市"];

/// Whether the label names what belongs to no city.
#[must_use]
pub fn is_own(label: &str) -> bool {
    let key = comparable(label);
    let bare = key.split('(').next().unwrap_or(&key);
    let bare = ["项目", "部分", "单位"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    OWN.contains(&bare)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn region(code: &str, name: &str, short_name: &str, counties: &[&str]) -> Region {
        Region {
            code: RegionCode(code.to_owned()),
            name: name.to_owned(),
            short_name: short_name.to_owned(),
            aliases: vec![],
            counties: counties.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// A province of three cities.
    pub fn cities() -> (Region, Vec<Region>) {
        let mut province = region("330000", "浙江省", "全省", &[]);
        province.aliases = vec!["全省合计".to_owned()];
        let cities = vec![
            region("330100", "杭州市", "杭州", &["余杭区"]),
            region("330200", "宁波市", "宁波", &["慈溪市"]),
            region("330700", "金华市", "金华", &["义乌市"]),
        ];
        (province, cities)
    }

    #[test]
    fn any_spelling_names_the_city_and_a_county_is_told() {
        let (province, cities) = cities();
        let gazetteer = Gazetteer::new(&province, &cities);
        let read = |text: &str| gazetteer.region(&Value::Text(text.to_owned()), &mut Kinds::default()).map_err(|fault| fault.code);
        for text in ["杭州", "杭 州 市", "1.杭州市", "330100"] {
            assert_eq!(read(text), Ok(Some(RegionCode("330100".to_owned()))), "{text}");
        }
        for text in ["杭州（含余杭）", "杭州市(不含萧山)", "杭州 （1—6月）"] {
            let mut kinds = Kinds::default();
            assert_eq!(gazetteer.region(&Value::Text(text.to_owned()), &mut kinds), Ok(Some(RegionCode("330100".to_owned()))), "{text}");
            assert!(kinds.0.contains(&Kind::Noted), "{text}");
        }
        assert_eq!(read("义乌市（金华）"), Err(FindingCode::CountyForCity));
        assert_eq!(read("义乌市"), Err(FindingCode::CountyForCity));
        assert_eq!(read("上海市"), Err(FindingCode::UnknownRegion));
        assert_eq!(read("全省"), Err(FindingCode::UnknownRegion));
    }
}
