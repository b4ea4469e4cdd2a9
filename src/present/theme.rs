//! The workbook's looks, keyed by element name: formats are never put together at the point of use.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use super::numbers;
use crate::model::{GreyReason, Light};
use crate::settings::{self, Captions};

/// A part of a sheet with looks of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// 内部资料　注意保存, top left.
    Mark,
    /// A sheet's title.
    Title,
    /// The cover's title.
    CoverTitle,
    /// What stands below a title: period, version, unit.
    Subtitle,
    /// A title inside a sheet.
    Section,
    /// A paragraph.
    Body,
    /// A table's header cell.
    Heading,
    /// 序号 and codes.
    Index,
    /// What a row is about.
    Name,
    /// Text in a cell.
    Text,
    /// Short text, centred.
    Centre,
    /// 备注 and the like.
    Note,
    /// A figure, right-aligned, with that many decimals.
    Number(u32),
    /// "—" and grey words in a figure's place.
    Missing,
    /// A light's word on its ground.
    Light(Light),
    /// A tile's figure.
    Tile(Option<Light>),
    /// A tile's word.
    TileWord(Option<Light>),
    /// A link in running text.
    Link,
    /// 数据来源 and 说明 below a table.
    Source,
    /// A form's heading cell.
    FormHeading,
    /// What a form prints and nobody fills in: names of cities and items.
    Fixed,
    /// The same of the total row.
    FixedStrong,
    /// A cell to fill in, with text; with a short one; with a code; with a number of so many decimals; with a day.
    Entry,
    EntryCentre,
    EntryCode,
    EntryNumber(u32),
    EntryDate,
    /// Last month's figure beside it.
    Past(u32),
    /// Any other cell of a form that may be written in: signatures, remarks.
    Open,
}

impl Element {
    /// The points its text is high.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::Tile(_) => 20,
            Self::CoverTitle => 24,
            Self::Title => 18,
            Self::Section => 12,
            Self::Body | Self::Link => 11,
            Self::Mark | Self::Note | Self::Source => 9,
            _ => 10,
        }
    }
}

/// Colours as RGB.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    pub ink: u32,
    pub accent: u32,
    pub band: u32,
    pub rule: u32,
    pub muted: u32,
    pub heading_text: u32,
    pub heading_ground: u32,
    /// Columns of a chart, and the bars in a cell.
    pub columns: u32,
    pub bars: u32,
    /// What stands on a second axis.
    pub contrast: u32,
}

/// Fonts by role. A workbook names one font a cell; the character set lets a machine without it choose a Chinese one.
#[derive(Debug, Clone, Copy)]
struct Fonts {
    title: &'static str,
    heading: &'static str,
    body: &'static str,
    /// Cells that hold nothing but a figure: a font that is there, or has one of its measure, wherever a workbook is opened.
    number: &'static str,
}

/// A theme: a palette, fonts and the office's own words.
#[derive(Debug, Clone, Copy)]
pub struct Theme<'a> {
    pub palette: Palette,
    fonts: Fonts,
    captions: &'a Captions,
}

/// Words as shipped.
static SHIPPED: Captions = Captions::shipped();

/// Yellow of what is filled in, with its rule; grey of what was reported before, with its text (contrast 4.8 : 1).
const ENTRY_GROUND: u32 = 0xFF_F9_E3;
const ENTRY_RULE: u32 = 0xD8_C4_88;
const PAST_GROUND: u32 = 0xEE_F0_F2;
const PAST_TEXT: u32 = 0x5F_63_68;

/// The GB 2312 character set in a font record.
const CHARSET_GB2312: u8 = 134;

/// Text and ground of a light (contrast above 4.5 : 1).
#[must_use]
pub fn light_colours(light: Light) -> (u32, u32) {
    match light {
        Light::Green => (0x1E_6B_34, 0xE5_F3_E8),
        Light::Yellow => (0x8A_5A_00, 0xFF_F3_D6),
        Light::Red => (0xA4_26_2C, 0xFC_E4_E4),
        Light::Grey(_) => (0x5F_63_68, 0xEE_F0_F2),
    }
}

/// A light's colour in charts: stronger than the ground, softer than the text.
#[must_use]
pub fn chart_colour(light: Light) -> u32 {
    match light {
        Light::Green => 0x7F_BC_8C,
        Light::Yellow => 0xF2_C7_5C,
        Light::Red => 0xD9_6F_7A,
        Light::Grey(_) => 0xC3_C7_CF,
    }
}

impl<'a> Theme<'a> {
    /// The theme the settings name.
    #[must_use]
    pub fn of(theme: settings::Theme) -> Self {
        let palette = Palette {
            ink: 0x1B_2A_41,
            accent: 0x1F_5A_8C,
            band: 0xF3_F7_FB,
            rule: 0xC9_D6_E2,
            muted: 0x5B_6B_7B,
            heading_text: 0xFF_FF_FF,
            heading_ground: 0x1F_5A_8C,
            columns: 0x80_A6_CC,
            bars: 0xCF_DF_EF,
            contrast: 0xC0_65_1A,
        };
        match theme {
            settings::Theme::Clean => Self {
                palette,
                fonts: Fonts { title: "微软雅黑", heading: "微软雅黑", body: "微软雅黑", number: "Arial" },
                captions: &SHIPPED,
            },
            // A light header fill: a dark one prints as a black bar on an office printer.
            settings::Theme::Official => Self {
                palette: Palette {
                    ink: 0x00_00_00,
                    accent: 0x00_00_00,
                    band: 0xF7_F7_F7,
                    rule: 0xB0_B0_B0,
                    muted: 0x40_40_40,
                    heading_text: 0x00_00_00,
                    heading_ground: 0xE7_ED_F3,
                    columns: 0x9A_A8_B8,
                    bars: 0xD9_DF_E6,
                    contrast: 0x00_00_00,
                },
                fonts: Fonts { title: "方正小标宋简体", heading: "黑体", body: "仿宋_GB2312", number: "Times New Roman" },
                captions: &SHIPPED,
            },
        }
    }

    /// The same with the office's own words.
    #[must_use]
    pub fn worded(self, captions: &'a Captions) -> Self {
        Self { captions, ..self }
    }

    /// The words on sheets.
    #[must_use]
    pub fn captions(&self) -> &'a Captions {
        self.captions
    }

    /// The format of an element.
    #[must_use]
    pub fn format(&self, element: Element) -> Format {
        let Palette { ink, accent, muted, heading_text, heading_ground, .. } = self.palette;
        let Fonts { title, heading, body, number } = self.fonts;
        let size = element.size();
        let base = |font, colour| base(font, size, colour);
        let running = |font, colour| base(font, colour).set_align(FormatAlign::VerticalCenter);
        match element {
            Element::Mark => running(heading, muted),
            Element::Title => running(title, ink).set_bold(),
            Element::CoverTitle => running(title, ink).set_bold().set_text_wrap().set_align(FormatAlign::Center),
            Element::Subtitle => running(body, muted),
            Element::Section => running(heading, accent).set_bold(),
            Element::Body => base(body, ink).set_align(FormatAlign::Top).set_text_wrap(),
            Element::Source => base(body, muted).set_align(FormatAlign::Top).set_text_wrap(),
            Element::Link => running(body, accent).set_underline(FormatUnderline::Single),
            Element::Heading => running(heading, heading_text)
                .set_bold()
                .set_background_color(Color::RGB(heading_ground))
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            Element::Tile(light) => self.tile(light, size).set_bold(),
            Element::TileWord(light) => self.tile(light, size),
            Element::Index | Element::Centre => self.cell(size, ink).set_align(FormatAlign::Center),
            Element::Name => self.cell(size, ink).set_bold(),
            Element::Text => self.cell(size, ink),
            Element::Note => self.cell(size, muted),
            // A figure keeps off the edge: the next column may have a ground of its own.
            Element::Missing => self.cell(size, muted).set_align(FormatAlign::Right).set_indent(1),
            Element::Number(decimals) => {
                // LibreOffice leaves the indent out where text wraps, and a figure never does.
                let cell = self.cell(size, ink).unset_text_wrap().set_align(FormatAlign::Right).set_indent(1);
                cell.set_font_name(number).set_num_format(numbers::format(decimals))
            }
            Element::Light(light) => {
                let (text, ground) = light_colours(light);
                self.cell(size, text).set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(ground))
            }
            form => self.of_form(form),
        }
    }

    /// The format of an element of a form.
    fn of_form(&self, element: Element) -> Format {
        let size = element.size();
        match element {
            Element::FormHeading => base(self.fonts.heading, size, self.palette.ink)
                .set_bold()
                .set_background_color(Color::RGB(self.palette.band))
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(self.palette.rule)),
            Element::Fixed => self.boxed(size).set_indent(1),
            Element::FixedStrong => self.boxed(size).set_indent(1).set_bold(),
            Element::Entry => self.entry(size),
            Element::EntryCentre => self.entry(size).set_align(FormatAlign::Center),
            Element::EntryCode => self.entry(size).set_num_format("@"),
            Element::EntryNumber(decimals) => {
                self.entry(size).unset_text_wrap().set_align(FormatAlign::Right).set_indent(1).set_num_format(numbers::format(decimals))
            }
            Element::EntryDate => self.entry(size).unset_text_wrap().set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd"),
            Element::Past(decimals) => self
                .boxed(size)
                .unset_text_wrap()
                .set_font_color(Color::RGB(PAST_TEXT))
                .set_background_color(Color::RGB(PAST_GROUND))
                .set_align(FormatAlign::Right)
                .set_indent(1)
                .set_num_format(numbers::format(decimals)),
            // Open, and no other is left.
            _ => base(self.fonts.body, size, self.palette.ink).set_align(FormatAlign::VerticalCenter).set_unlocked(),
        }
    }

    /// The same element where it may be written over: a list's rows can be deleted only while none of their cells is locked.
    #[must_use]
    pub fn open(&self, element: Element) -> Format {
        self.format(element).set_unlocked()
    }

    /// The same element in a row that stands out (the province among the regions).
    #[must_use]
    pub fn strong(&self, element: Element) -> Format {
        let format = self.format(element);
        if matches!(element, Element::Light(_)) {
            return format;
        }
        format.set_bold().set_background_color(Color::RGB(self.palette.band))
    }

    /// The ground of the tile of all indicators.
    fn tile(&self, light: Option<Light>, size: usize) -> Format {
        let (text, ground) = light.map_or((self.palette.ink, self.palette.band), light_colours);
        base(self.fonts.heading, size, text)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(ground))
            .set_num_format("0")
    }

    /// A table cell: a thin rule below, text wrapped.
    fn cell(&self, size: usize, colour: u32) -> Format {
        base(self.fonts.body, size, colour)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap()
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(Color::RGB(self.palette.rule))
    }

    /// A form's cell: a thin rule around it, so that it can be filled in by hand as well.
    fn boxed(&self, size: usize) -> Format {
        base(self.fonts.body, size, self.palette.ink)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(self.palette.rule))
    }

    /// A form's cell that is filled in: yellow and open.
    fn entry(&self, size: usize) -> Format {
        self.boxed(size).set_background_color(Color::RGB(ENTRY_GROUND)).set_border_color(Color::RGB(ENTRY_RULE)).set_unlocked()
    }

    /// What cells without a format have, and what column widths are counted in.
    #[must_use]
    pub fn default_format(&self) -> Format {
        Format::new().set_font_name("Arial").set_font_size(10)
    }

    /// The font of running text, for footers and charts.
    #[must_use]
    pub fn body_font(&self) -> &'static str {
        self.fonts.body
    }
}

fn base(font: &str, size: usize, colour: u32) -> Format {
    Format::new()
        .set_font_name(font)
        .set_font_charset(CHARSET_GB2312)
        .set_font_size(u32::try_from(size).unwrap_or(10))
        .set_font_color(Color::RGB(colour))
}

/// Grey without a reason that would matter, for tiles and charts.
pub const GREY: Light = Light::Grey(GreyReason::NotJudged);
