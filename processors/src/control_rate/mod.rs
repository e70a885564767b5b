//! `ControlRate`: lets no more pass in a time than may.

#[cfg(test)]
mod tests;
mod throttle;

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::model::flowfile::{FlowFile, Pick};
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::{AttributeName, Choice, DataSize, PropertyType};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor,
    ProcessorContext, Properties, SUCCESS, Session, async_trait,
};

use throttle::{Rate, Throttles};

const RATE_EXCEEDED: &str = "rate exceeded";
/// How many flowfiles pass in one trigger.
const FLOWFILES_A_TRIGGER: usize = 1_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum RateControlCriteria {
    /// Bytes of content.
    #[choice("data rate")]
    Data,
    /// Flowfiles.
    #[choice("flowfile count")]
    FlowFiles,
    /// What **Rate Controlled Attribute** says.
    #[choice("attribute value")]
    Attribute,
    /// Bytes and flowfiles; whichever has passed enough of makes the others wait.
    #[choice("data rate or flowfile count")]
    DataOrFlowFiles,
}

/// What becomes of what comes too soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum RateExceededStrategy {
    /// It waits in its queue until it may pass.
    #[choice("Hold FlowFile")]
    Hold,
    /// It goes to `rate exceeded`.
    #[choice("Route to 'rate exceeded'")]
    Route,
}

/// The properties of [`ControlRate`].
#[derive(Debug, Properties)]
pub(crate) struct ControlRateProperties {
    /// What is counted.
    #[property(default = "data rate")]
    rate_control_criteria: RateControlCriteria,
    /// In how much time no more may pass than the rate says, from any moment on.
    #[property(default = "1 min")]
    time_duration: Duration,
    /// How much may pass in **Time Duration**: a size such as `1 MB` with `data rate`, else a
    /// number.
    #[property(
        example = "1 MB",
        depends_on("Rate Control Criteria", "data rate", "flowfile count", "attribute value")
    )]
    maximum_rate: Option<String>,
    /// How many bytes may pass in **Time Duration**.
    #[property(
        example = "1 MB",
        depends_on("Rate Control Criteria", "data rate or flowfile count")
    )]
    maximum_data_rate: Option<DataSize>,
    /// How many flowfiles may pass in **Time Duration**.
    #[property(
        name = "Maximum FlowFile Rate",
        example = "100",
        min = 1,
        depends_on("Rate Control Criteria", "data rate or flowfile count")
    )]
    maximum_flowfile_rate: Option<u32>,
    /// What becomes of what comes too soon.
    #[property(default = "Hold FlowFile")]
    rate_exceeded_strategy: RateExceededStrategy,
    /// The attribute whose values are summed up: whole numbers from 1 on.
    #[property(
        example = "audio.duration.ms",
        depends_on("Rate Control Criteria", "attribute value")
    )]
    rate_controlled_attribute: Option<AttributeName>,
    /// The attribute by whose values flowfiles are told apart: each value has the rate by itself,
    /// and what has none counts together.
    #[property(example = "album")]
    grouping_attribute: Option<AttributeName>,
}

/// Lets no more pass in a time than may.
pub(crate) struct ControlRate {
    counted: Counted,
    /// Of bytes, or of what else is counted; of flowfiles beside bytes.
    rates: [Option<Rate>; 2],
    strategy: RateExceededStrategy,
    grouping: Option<AttributeName>,
    throttles: Mutex<Throttles>,
}

/// What is counted.
enum Counted {
    Bytes,
    FlowFiles,
    Attribute(AttributeName),
}

#[async_trait]
impl Processor for ControlRate {
    type Properties = ControlRateProperties;

    fn describe() -> Description {
        Description {
            description: "\
What waits is in its queue, in its order; with **Grouping Attribute** one group does not hold up \
another. As in NiFi, one that is more than what is left passes, and what comes behind waits so \
much longer. Up to 10,000 groups are told apart at a time; more than that share what one may \
have. A stop forgets what has passed. The size of content that is made on demand is that of what \
it is made from.\n\n\
Unlike in NiFi, the relationship `rate exceeded` is there with `Hold FlowFile`, too; nothing goes \
there then.",
            tags: &["rate", "throttle", "limit", "slow down", "throughput"],
            serial: true,
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "What may pass."),
                (RATE_EXCEEDED, "What comes too soon, with `Route to 'rate exceeded'`."),
                (
                    FAILURE,
                    "Flowfiles whose **Rate Controlled Attribute** is missing, or no whole number \
                     from 1 on.",
                ),
            ],
            example_flow: Some("control-rate"),
            ..Description::transform("ControlRate", "Lets no more pass in a time than may.")
        }
    }

    fn build(properties: ControlRateProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let (counted, maxima) = counted(&properties)?;
        let period_ms = u64::try_from(properties.time_duration.as_millis()).unwrap_or(u64::MAX);
        if period_ms == 0 {
            let error =
                ValueError::new("the time is too short").with_help("write \"1 sec\" or more");
            let error = PropertyError::of("Time Duration", error);
            return Err(BuildError::Properties(vec![error]));
        }
        let rate = |max: Option<u64>| max.map(|amount_max| Rate { amount_max, period_ms });
        Ok(Self {
            counted,
            rates: maxima.map(rate),
            strategy: properties.rate_exceeded_strategy,
            grouping: properties.grouping_attribute,
            throttles: Mutex::default(),
        })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let now_ms = session.clock().monotonic_ms();
        let mut ways = HashMap::new();
        let mut next_ms: Option<u64> = None;
        let taken = {
            let mut throttles = self.throttles.lock();
            throttles.tidy(self.rates, now_ms);
            session.get_where(FLOWFILES_A_TRIGGER, |flowfile| {
                let way = self.way(&mut throttles, flowfile, now_ms);
                if let (Way::TooSoon(until_ms), RateExceededStrategy::Hold) = (&way, self.strategy)
                {
                    next_ms = next_ms.into_iter().chain([*until_ms]).min();
                    // Others of the same group come behind it.
                    return if self.grouping.is_some() { Pick::Skip } else { Pick::Stop };
                }
                ways.insert(flowfile.id(), way);
                Pick::Take
            })?
        };
        if let Some(next_ms) = next_ms.filter(|_| taken.is_empty()) {
            let until = session.clock().now().plus_ms(next_ms - now_ms);
            session.rest(Some(until));
        }
        for flowfile in taken {
            match ways.remove(&flowfile.id()) {
                Some(Way::Invalid(error)) => session.fail(flowfile, FAILURE, &error),
                Some(Way::TooSoon(_)) => {
                    session.provenance_route(&flowfile, RATE_EXCEEDED, "it came too soon");
                    session.transfer(flowfile, RATE_EXCEEDED);
                }
                Some(Way::Passes) | None => session.transfer(flowfile, SUCCESS),
            }
        }
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        *self.throttles.lock() = Throttles::default();
    }
}

/// What becomes of a flowfile.
enum Way {
    Passes,
    /// It may pass at that moment of the monotonic clock.
    TooSoon(u64),
    Invalid(ProcessError),
}

impl ControlRate {
    fn way(&self, throttles: &mut Throttles, flowfile: &FlowFile, now_ms: u64) -> Way {
        let amount = match &self.counted {
            Counted::Bytes => flowfile.size_bytes(),
            Counted::FlowFiles => 1,
            Counted::Attribute(name) => match amount(flowfile, name.as_str()) {
                Ok(amount) => amount,
                Err(error) => return Way::Invalid(error),
            },
        };
        let group = self.grouping.as_ref().and_then(|name| flowfile.attribute(name.as_str()));
        match throttles.pass(group, self.rates, [amount, 1], now_ms) {
            Ok(()) => Way::Passes,
            Err(next_ms) => Way::TooSoon(next_ms),
        }
    }
}

fn amount(flowfile: &FlowFile, name: &str) -> Result<u64, ProcessError> {
    let why = match flowfile.attribute(name) {
        None => format!("the attribute \"{name}\" is not there"),
        Some(text) => match text.parse() {
            Ok(amount @ 1..) => return Ok(amount),
            _ => format!("the attribute \"{name}\" is \"{text}\", no whole number from 1 on"),
        },
    };
    Err(ProcessError::user(why).with_help("set it in front, for example with UpdateAttribute"))
}

/// What is counted, and how much of it may pass: of bytes or what else is counted, and of flowfiles
/// beside bytes.
fn counted(properties: &ControlRateProperties) -> Result<(Counted, [Option<u64>; 2]), BuildError> {
    const RATE: &str = "Maximum Rate";
    let missing = || ValueError::new("a value is required with this \"Rate Control Criteria\"");
    let mut wrong = Vec::new();
    let mut note = |name: &str, error| wrong.push(PropertyError::of(name.to_owned(), error));
    let rate = properties.maximum_rate.as_deref().ok_or_else(missing);
    let whole = |text: &str| match text.trim().parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(ValueError::new(format!("\"{text}\" is no whole number from 1 on"))
            .with_help("write one, such as \"100\"")),
    };
    let size = |text: &str| DataSize::parse(text, &DataSize::kind()).and_then(at_least_a_byte);
    let found = match properties.rate_control_criteria {
        RateControlCriteria::Data => {
            let max = rate.and_then(size).map_err(|error| note(RATE, error));
            (Counted::Bytes, [max.ok(), None])
        }
        RateControlCriteria::FlowFiles => {
            let max = rate.and_then(whole).map_err(|error| note(RATE, error));
            (Counted::FlowFiles, [max.ok(), None])
        }
        RateControlCriteria::Attribute => {
            let max = rate.and_then(whole).map_err(|error| note(RATE, error));
            let name = properties.rate_controlled_attribute.clone();
            if name.is_none() {
                note("Rate Controlled Attribute", missing());
            }
            (name.map_or(Counted::FlowFiles, Counted::Attribute), [max.ok(), None])
        }
        RateControlCriteria::DataOrFlowFiles => {
            let bytes = properties.maximum_data_rate.ok_or_else(missing).and_then(at_least_a_byte);
            let bytes = bytes.map_err(|error| note("Maximum Data Rate", error));
            let flowfiles = properties.maximum_flowfile_rate.map(u64::from).ok_or_else(missing);
            let flowfiles = flowfiles.map_err(|error| note("Maximum FlowFile Rate", error));
            (Counted::Bytes, [bytes.ok(), flowfiles.ok()])
        }
    };
    BuildError::unless_empty(wrong)?;
    Ok(found)
}

fn at_least_a_byte(size: DataSize) -> Result<u64, ValueError> {
    match size.bytes() {
        0 => Err(ValueError::new("nothing would pass").with_help("write \"1 B\" or more")),
        bytes => Ok(bytes),
    }
}
