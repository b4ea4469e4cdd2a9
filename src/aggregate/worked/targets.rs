//! Targets: after their year, without a pace, as a share, split among regions.

use super::*;

#[test]
fn at_the_years_end_only_the_target_counts() {
    let december = |paid| [invest("2022-12", [Some(paid), Some(dec!(0))], [Some(dec!(1)), Some(dec!(1))])];
    let level = |indicator: &mut Indicator| indicator.target = Some(target(dec!(3500), Comparison::AtLeast));
    let short = changed("2022-12", &december(dec!(3499.99)), &appearance(), level);
    assert_eq!((text(short.completion_pct), text(short.ahead_points)), ("100.0".to_owned(), "0.0".to_owned()));
    assert_eq!((short.light, short.needed_per_month, text(short.landing)), (Light::Red, None, "3499.99".to_owned()));
    assert_eq!(changed("2022-12", &december(dec!(3500)), &appearance(), level).light, Light::Green);
    let lenient = |indicator: &mut Indicator| {
        level(indicator);
        indicator.never_red = true;
    };
    assert_eq!(changed("2022-12", &december(dec!(1)), &appearance(), lenient).light, Light::Yellow);
}

#[test]
fn after_the_targets_year_nothing_is_measured_or_projected() {
    let february = [invest("2023-02", [Some(dec!(70)), Some(dec!(30))], [Some(dec!(60)), Some(dec!(40))])];
    let of_year = |year| {
        let level = |indicator: &mut Indicator| indicator.target = Some(Target { year, ..target(dec!(3500), Comparison::AtLeast) });
        changed("2023-02", &february, &appearance(), level)
    };
    let past = of_year(TargetYear::In(2022));
    assert_eq!((text(past.year_to_date), text(past.growth_pct)), ("100.00".to_owned(), "0.0".to_owned()));
    let measured = [past.completion_pct, past.pace_pct, past.ahead_points, past.needed_per_month, past.landing];
    assert_eq!((measured, past.light), ([None; 5], Light::Grey(GreyReason::NotJudged)));
    assert_eq!(text(of_year(TargetYear::Every).landing), "600.00", "a target of every year begins anew");
}

#[test]
fn a_list_without_pace_is_not_judged_until_it_is_reached() {
    let list = |indicator: &mut Indicator| {
        indicator.target = Some(target(dec!(1604.20), Comparison::MoreThan));
        indicator.pace = Pace::None;
    };
    let exactly = changed("2022-06", &year(), &appearance(), list);
    assert_eq!((exactly.light, exactly.pace_pct, exactly.needed_per_month), (Light::Grey(GreyReason::NotJudged), None, None));
    assert_eq!(text(exactly.completion_pct), "100.0", "exactly on it is not yet more");
}

#[test]
fn a_share_is_held_against_last_years_share_without_rounding() {
    let export = |province: Decimal| {
        let ratio = |column: &str| {
            let part = |rows: &str| expression(&format!("SUM({column}) FILTER (WHERE region = '{rows}')"), &[column, "region"], "亿元");
            (part(HANGZHOU), part(NINGBO))
        };
        let ((numerator, denominator), (last_numerator, last_denominator)) = (ratio("paid"), ratio("paid_last_year"));
        let hold = |indicator: &mut Indicator| {
            indicator.unit = "%".to_owned().try_into().unwrap();
            indicator.target = Some(Target { level: None, ..target(dec!(1), Comparison::Hold) });
            indicator.calculation = Calculation::Ratio {
                dataset: "invest".to_owned(),
                numerator: numerator.clone(),
                denominator: denominator.clone(),
                last_numerator: Some(last_numerator.clone()),
                last_denominator: Some(last_denominator.clone()),
            };
        };
        let tables = [invest("2022-06", [Some(province), Some(dec!(10000))], [Some(dec!(1500)), Some(dec!(10000))])];
        changed("2022-06", &tables, &appearance(), hold)
    };
    let held = export(dec!(1490));
    assert_eq!([held.year_to_date, held.last_year, held.growth_pct].map(text), ["14.90", "15.00", "-0.10"]);
    assert_eq!((held.light, held.completion_pct, held.pace_pct), (Light::Green, None, None));
    // 14.8999 % prints as 14.90, and the change as −0.10, but has fallen by more.
    let fallen = export(dec!(1489.99));
    assert_eq!((text(fallen.growth_pct), fallen.light), ("-0.10".to_owned(), Light::Yellow));
    assert_eq!(export(dec!(1469.99)).light, Light::Red);
}

#[test]
fn a_split_target_gives_regions_lights_and_ranks_that_can_be_switched_off() {
    let split = |indicator: &mut Indicator| {
        indicator.growth = None;
        let parts = [(HANGZHOU, dec!(500)), (NINGBO, dec!(3355.50))];
        let regions = parts.map(|(code, part)| (RegionCode(code.to_owned()), part)).into();
        indicator.target = Some(Target { regions, ..target(dec!(3500), Comparison::AtLeast) });
    };
    let shown = changed("2022-06", &year(), &appearance(), split);
    let read = |row: &IndicatorRow| row.regions.iter().map(|one| (text(one.completion_pct), one.rank, one.light)).collect::<Vec<_>>();
    // 262 ÷ 500 = 52.4; 1342.20 ÷ 3355.50 = 40.0, ten points behind: red.
    let (first, second) = (("52.4".to_owned(), Some(1), Some(Light::Green)), ("40.0".to_owned(), Some(2), Some(Light::Red)));
    assert_eq!(read(&shown), [first, second]);
    let plain = changed("2022-06", &year(), &Appearance { ranks: false, region_lights: false, ..appearance() }, split);
    assert!(plain.regions.iter().all(|one| one.rank.is_none() && one.light.is_none() && one.completion_pct.is_some()));
}
