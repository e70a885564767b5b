//! TLS of a server: its certificate, and whose certificates it asks its clients for.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::{ProcessError, Properties};
use webpki::EndEntityCert;

use super::names;

/// Names of properties that errors tell.
const CERTIFICATE: &str = "Certificate Location";
const KEY: &str = "Private Key Location";
pub(crate) const AUTHORITIES: &str = "Certificate Authorities Location";

/// Refuses a certificate without its key, and the reverse.
pub(crate) fn check(has_certificate: bool, has_key: bool) -> Option<PropertyError> {
    match (has_certificate, has_key) {
        (true, false) => Some(wanted(KEY, CERTIFICATE)),
        (false, true) => Some(wanted(CERTIFICATE, KEY)),
        _ => None,
    }
}

/// The property `by` needs `wanted`.
pub(crate) fn wanted(wanted: &'static str, by: &'static str) -> PropertyError {
    let error = ValueError::new(format!("\"{by}\" needs \"{wanted}\""))
        .with_help(format!("set \"{wanted}\", or leave \"{by}\" out"));
    PropertyError::together(by, [wanted], error)
}

/// Files in the form PEM.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    /// The server's certificate, and those that lead to its authority.
    pub(crate) certificate: String,
    /// The certificate's key.
    pub(crate) key: String,
    /// Authorities; with these, clients must show a certificate of one of them.
    pub(crate) authorities: Option<String>,
}

/// The properties of a server for TLS.
#[derive(Debug, Clone, Properties)]
pub(crate) struct ServerProperties {
    /// The file with the server's certificate, in the form PEM, followed by those that lead to its
    /// authority. With it, TLS is spoken, and nothing else.
    #[property(name = "Certificate Location", example = "/etc/tutti/server.pem")]
    certificate: Option<String>,
    /// The file with the key of the certificate, in the form PEM.
    #[property(name = "Private Key Location", example = "/etc/tutti/server.key")]
    key: Option<String>,
    /// The file with the certificates of authorities, in the form PEM. With it, only clients are
    /// answered that show a certificate of one of these.
    #[property(name = "Certificate Authorities Location", example = "/etc/tutti/clients.pem")]
    authorities: Option<String>,
}

impl ServerProperties {
    /// Whether clients have to show a certificate.
    pub(crate) fn asks_clients(&self) -> bool {
        self.authorities.is_some()
    }

    /// What they say together; none for plain HTTP.
    pub(crate) fn files(&self) -> Result<Option<Files>, Vec<PropertyError>> {
        let (certificate, key) = (&self.certificate, &self.key);
        let mut wrong = Vec::from_iter(check(certificate.is_some(), key.is_some()));
        if self.asks_clients() && certificate.is_none() {
            wrong.push(wanted(CERTIFICATE, AUTHORITIES));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let both = certificate.clone().zip(key.clone());
        let authorities = self.authorities.clone();
        Ok(both.map(|(certificate, key)| Files { certificate, key, authorities }))
    }
}

/// The names in a client's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) subject: String,
    pub(crate) issuer: String,
}

impl Names {
    pub(crate) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let certificate = EndEntityCert::try_from(certificate).ok()?;
        Some(Self {
            subject: names::to_text(certificate.subject())?,
            issuer: names::to_text(certificate.issuer())?,
        })
    }
}

/// Reads the files. Blocks.
pub(crate) fn acceptor(files: &Files) -> Result<TlsAcceptor, ProcessError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ProcessError::internal("TLS cannot be set up").caused_by(error))?;
    let builder = match &files.authorities {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(path)? {
                roots.add(certificate).map_err(|error| unusable(path, error))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            let verifier = verifier.build().map_err(|error| unusable(path, error))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = PrivateKeyDer::from_pem_file(Path::new(&files.key))
        .map_err(|error| unusable(&files.key, error))?;
    let mut config = builder
        .with_single_cert(certificates(&files.certificate)?, key)
        .map_err(|error| unusable(&files.certificate, error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The certificates in a file; at least one.
pub(crate) fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, ProcessError> {
    let read = CertificateDer::pem_file_iter(Path::new(path))
        .map_err(|error| unusable(path, error))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(path, error))?;
    if read.is_empty() {
        return Err(unusable(path, "it holds no certificate"));
    }
    Ok(read)
}

/// A file does not serve.
pub(crate) fn unusable(
    path: &str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> ProcessError {
    ProcessError::external(format!("cannot use \"{path}\" for TLS"))
        .caused_by(error)
        .with_help("give a readable file in the form PEM that holds what the property says")
}
