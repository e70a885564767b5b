//! A way to a server that closes after so many bytes: what comes later is lost, and nobody is told,
//! as when a cable is pulled. So a test can be sure that a program is in the middle of its work.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// An address that leads to another until enough has passed.
pub struct Gate {
    address: SocketAddr,
    closed: Receiver<()>,
}

/// What all connections through a gate share.
struct Way {
    to: SocketAddr,
    passed_bytes: AtomicU64,
    bytes_max: u64,
    closed: Sender<()>,
}

impl Gate {
    /// A gate to `to` that lets about `bytes_max` through on the way there, over all connections;
    /// nothing is held back on the way from there.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn new(to: SocketAddr, bytes_max: u64) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (sender, closed) = channel();
        let way = Arc::new(Way { to, passed_bytes: AtomicU64::new(0), bytes_max, closed: sender });
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                let way = Arc::clone(&way);
                // A connection that breaks is the client's to notice.
                thread::spawn(move || way.join(&client));
            }
        });
        Ok(Self { address, closed })
    }

    /// The URL of the server as seen through the gate.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until it is closed, and says whether it is.
    pub fn is_closed_within(&self, patience: Duration) -> bool {
        self.closed.recv_timeout(patience).is_ok()
    }
}

impl Way {
    fn join(&self, client: &TcpStream) -> io::Result<()> {
        let server = TcpStream::connect(self.to)?;
        thread::scope(|scope| {
            scope.spawn(|| {
                let copied = io::copy(&mut &server, &mut &*client);
                // The client's own end may have come first.
                drop((copied, client.shutdown(Shutdown::Both)));
            });
            let sent = self.send(client, &server);
            server.shutdown(Shutdown::Both)?;
            sent
        })
    }

    fn send(&self, mut client: &TcpStream, mut server: &TcpStream) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = client.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            let before = self.passed_bytes.fetch_add(count as u64, Ordering::SeqCst);
            if before < self.bytes_max {
                server.write_all(&buffer[..count])?;
            }
            if before < self.bytes_max && before + count as u64 >= self.bytes_max {
                // A test that does not wait for it has no use for it.
                let _ = self.closed.send(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_so_many_bytes_is_lost() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let gate = Gate::new(server.local_addr().unwrap(), 4).unwrap();
        let mut client = TcpStream::connect(gate.address).unwrap();
        let (mut far_end, _) = server.accept().unwrap();
        client.write_all(b"four").unwrap();
        let mut four = [0; 4];
        far_end.read_exact(&mut four).unwrap();
        assert_eq!(&four, b"four");
        assert!(gate.is_closed_within(Duration::from_mins(1)));
        far_end.write_all(b"back").unwrap();
        client.read_exact(&mut four).unwrap();
        assert_eq!(&four, b"back");
        client.write_all(b"more").unwrap();
        drop(client);
        let mut rest = Vec::new();
        far_end.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"");
    }
}
