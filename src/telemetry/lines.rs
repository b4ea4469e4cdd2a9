//! Log lines as they leave: one an event, whatever a foreign name or a server's words hold.

use std::io::{self, Write};

use crate::present::visible::visible;

/// Writes events to `to`, each handed over whole, with its line end.
pub struct Lines<W>(pub W);

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        self.0.write_all(format!("{}{end}", visible(line)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(json: bool) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || Lines(writer.clone()));
        let lines = if json { lines.json().boxed() } else { lines.boxed() };
        let name = "表\u{1b}[2J\u{202e}\n2022 ERROR forged";
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            tracing::warn!(file = %name, "file skipped");
        });
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn an_event_is_one_line_that_moves_nothing() {
        for json in [false, true] {
            let line = logged(json);
            let (line, rest) = line.split_once('\n').unwrap();
            assert_eq!(rest, "", "a second line was forged");
            assert!(
                line.contains("forged") && line.contains("\\u202e") && !line.contains(|c: char| c.is_control() || c == '\u{202e}'),
                "{line}"
            );
        }
        let event: serde_json::Value = serde_json::from_str(&logged(true)).unwrap();
        assert_eq!(event["fields"]["file"], "表\u{1b}[2J\u{202e}\n2022 ERROR forged");
    }
}
