//! The listening socket, from binding to the end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::{ServerError, Service, routes};

/// How long requests that are being answered may take once the server is to end.
const FAREWELL_SECONDS_MAX: u64 = 5;

/// Who may reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Whoever reaches the address, although nobody is asked who they are.
    Network,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address reaches beyond what `exposure` allows, or cannot be listened on.
    pub async fn bind(address: SocketAddr, exposure: Exposure) -> Result<Self, ServerError> {
        if exposure == Exposure::Loopback && !address.ip().to_canonical().is_loopback() {
            return Err(ServerError::NotLoopback(address));
        }
        let failed = |source| ServerError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `end` completes, then lets requests that are being answered finish, for a
    /// few seconds at most.
    ///
    /// # Errors
    /// When the listening socket fails.
    pub async fn serve(
        self,
        service: Arc<dyn Service>,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let (ended, mut ending) = watch::channel(false);
        let router = routes::router(service, self.address)
            .into_make_service_with_connect_info::<SocketAddr>();
        let graceful = axum::serve(self.listener, router).with_graceful_shutdown(async move {
            end.await;
            // Nobody listens any more when the server has failed already.
            let _ = ended.send(true);
        });
        let farewell = async move {
            // The sender is gone without a word only when the server has failed already.
            let _ = ending.wait_for(|ended| *ended).await;
            tokio::time::sleep(Duration::from_secs(FAREWELL_SECONDS_MAX)).await;
        };
        tokio::select! {
            served = graceful => served.map_err(ServerError::Serve),
            () = farewell => {
                tracing::warn!("some requests were cut off: they took too long to end");
                Ok(())
            }
        }
    }
}
