//! The connection to a mail server: bytes out, replies in, in strict turns.
//!
//! A server that speaks before it is asked is not listened to: its words would be taken for the reply to the next step. Replies are
//! bounded in length, lines and time.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig};
use tokio_util::either::Either;

use super::reply::{LINE_BYTES_MAX, LINES_MAX, Line, Reply};

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("no reply in time")]
    Late,
    #[error("the connection was closed")]
    Closed,
    #[error("the reply is too long")]
    TooLong,
    #[error("the reply is none")]
    Garbled,
    #[error("the server spoke before it was asked")]
    Early,
    #[error("{0}")]
    Broken(#[from] io::Error),
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error("TLS: the host name is none")]
    Name,
}

/// A connection.
#[derive(Debug)]
pub struct Wire {
    stream: Stream,
    /// Read, and not yet part of a reply.
    unread: Vec<u8>,
}

/// In the clear, or protected.
type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

impl Wire {
    /// Connects to a server; nothing is read yet.
    pub async fn connect(host: &str, port: u16) -> Result<Self, Fault> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: Stream::Left(stream), unread: Vec::new() })
    }

    /// Protects the connection; nothing may have been read beyond the reply that agreed to it.
    pub async fn protect(mut self, host: &str) -> Result<Self, Fault> {
        self.quiet().await?;
        let Stream::Left(stream) = self.stream else { return Ok(self) };
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Fault::Name)?;
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
        Ok(Self { stream: Stream::Right(Box::new(stream)), unread: Vec::new() })
    }

    /// Says one line and waits for the reply to it, `patience` in all.
    pub async fn command(&mut self, line: &str, patience: Duration) -> Result<Reply, Fault> {
        in_time(patience, async {
            self.quiet().await?;
            self.write(format!("{line}\r\n").as_bytes()).await?;
            self.read_reply().await
        })
        .await
    }

    /// Waits for a reply, `patience` in all.
    pub async fn reply(&mut self, patience: Duration) -> Result<Reply, Fault> {
        in_time(patience, self.read_reply()).await
    }

    /// Writes all of `bytes`.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.stream.write_all(bytes).await?;
        Ok(self.stream.flush().await?)
    }

    /// Fails where the server has said something that nobody asked for, or has hung up.
    pub async fn quiet(&mut self) -> Result<(), Fault> {
        if !self.unread.is_empty() {
            return Err(Fault::Early);
        }
        let mut bytes = [0; 64];
        let read = poll_fn(|context| {
            let mut buffer = ReadBuf::new(&mut bytes);
            Poll::Ready(match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => Ok(None),
                Poll::Ready(Ok(())) => Ok(Some(buffer.filled().to_vec())),
                Poll::Ready(Err(error)) => Err(error),
            })
        });
        match read.await? {
            None => Ok(()),
            Some(read) if read.is_empty() => Err(Fault::Closed),
            Some(read) => {
                self.unread = read;
                Err(Fault::Early)
            }
        }
    }

    async fn read_reply(&mut self) -> Result<Reply, Fault> {
        let mut lines = Vec::new();
        let mut code = None;
        loop {
            let line = Line::parse(&self.read_line().await?).ok_or(Fault::Garbled)?;
            if *code.get_or_insert(line.code) != line.code {
                return Err(Fault::Garbled);
            }
            lines.push(line.text);
            if !line.more {
                return Ok(Reply { code: line.code, lines });
            }
            if lines.len() >= LINES_MAX {
                return Err(Fault::TooLong);
            }
        }
    }

    /// A line without its line end.
    async fn read_line(&mut self) -> Result<Vec<u8>, Fault> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n').filter(|end| *end < LINE_BYTES_MAX) {
                let rest = self.unread.split_off(end + 1);
                let mut line = std::mem::replace(&mut self.unread, rest);
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            if self.unread.len() >= LINE_BYTES_MAX {
                return Err(Fault::TooLong);
            }
            let mut bytes = [0; LINE_BYTES_MAX];
            let read = self.stream.read(&mut bytes).await?;
            if read == 0 {
                return Err(Fault::Closed);
            }
            self.unread.extend(bytes.iter().take(read));
        }
    }
}

/// Gives a step its time.
pub async fn in_time<T>(patience: Duration, step: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(patience, step).await.unwrap_or(Err(Fault::Late))
}
