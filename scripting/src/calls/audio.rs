//! Recordings, decoded and analysed by the host.

use wasmtime::Result;
use wasmtime::component::Resource;

use super::FlowFileHandle;
use crate::guest::Guest;
use crate::wit::audio::{Array, Dtype, Host, Order, Problem, Value};

type Loaded = std::result::Result<(Array, f64), Problem>;

impl Host for Guest {
    fn load(
        &mut self,
        source: Resource<FlowFileHandle>,
        sample_rate: Option<f64>,
        mono: bool,
        offset: f64,
        duration: Option<f64>,
    ) -> Result<Loaded> {
        let _ = (source, sample_rate, mono, offset, duration);
        Ok(Err(Problem::Missing("not yet".to_owned())))
    }

    fn load_bytes(
        &mut self,
        recording: Vec<u8>,
        sample_rate: Option<f64>,
        mono: bool,
        offset: f64,
        duration: Option<f64>,
    ) -> Result<Loaded> {
        let _ = (recording, sample_rate, mono, offset, duration);
        let _ = Array { dtype: Dtype::Float32, shape: vec![], order: Order::C, data: vec![] };
        Ok(Err(Problem::Missing("not yet".to_owned())))
    }

    fn call(
        &mut self,
        function: String,
        _: Vec<Value>,
    ) -> Result<std::result::Result<Vec<Value>, Problem>> {
        Ok(Err(Problem::Missing(format!("there is no function {function}"))))
    }
}
