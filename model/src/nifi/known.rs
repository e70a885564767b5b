//! What is known of NiFi besides what its flows say: members that mean nothing here, and properties
//! that are called otherwise or have one value only that matters.

/// Members of a flow definition and of an instance's flow that are read, or mean nothing here:
/// versions, where a flow came from, how many threads one machine had.
pub(super) const TOP: &[&str] = &[
    "bucket",
    "connectors",
    "controllerServices",
    "encodingVersion",
    "externalControllerServices",
    "flow",
    "flowAnalysisRules",
    "flowContents",
    "flowEncodingVersion",
    "latest",
    "maxEventDrivenThreadCount",
    "maxTimerDrivenThreadCount",
    "parameterContexts",
    "parameterProviders",
    "registries",
    "reportingTasks",
    "rootGroup",
    "snapshotMetadata",
    "templates",
];

/// Of groups. Defaults are for connections that are to be drawn, versions for a registry.
pub(super) const GROUP: &[&str] = &[
    "comments",
    "componentType",
    "connections",
    "controllerServices",
    "defaultBackPressureDataSizeThreshold",
    "defaultBackPressureObjectThreshold",
    "defaultFlowFileExpiration",
    "executionEngine",
    "flowFileConcurrency",
    "flowFileOutboundPolicy",
    "funnels",
    "groupIdentifier",
    "identifier",
    "inputPorts",
    "instanceIdentifier",
    "labels",
    "logFileSuffix",
    "maxConcurrentTasks",
    "name",
    "outputPorts",
    "parameterContextName",
    "position",
    "processGroups",
    "processors",
    "remoteProcessGroups",
    "scheduledState",
    "statelessFlowTimeout",
    "variables",
    "versionedFlowCoordinates",
];

/// Of processors. There is one node here, and it decides by itself how many flowfiles a task takes.
pub(super) const PROCESSOR: &[&str] = &[
    "annotationData",
    "autoTerminatedRelationships",
    "backoffMechanism",
    "bulletinLevel",
    "bundle",
    "comments",
    "componentType",
    "concurrentlySchedulableTaskCount",
    "executionNode",
    "groupIdentifier",
    "identifier",
    "instanceIdentifier",
    "maxBackoffPeriod",
    "name",
    "penaltyDuration",
    "position",
    "properties",
    "propertyDescriptors",
    "retriedRelationships",
    "retryCount",
    "runDurationMillis",
    "scheduledState",
    "schedulingPeriod",
    "schedulingStrategy",
    "style",
    "type",
    "yieldDuration",
];

/// Of controller services.
pub(super) const SERVICE: &[&str] = &[
    "annotationData",
    "bulletinLevel",
    "bundle",
    "comments",
    "componentType",
    "controllerServiceApis",
    "groupIdentifier",
    "identifier",
    "instanceIdentifier",
    "name",
    "position",
    "properties",
    "propertyDescriptors",
    "scheduledState",
    "type",
];

/// Of ports.
pub(super) const PORT: &[&str] = &[
    "allowRemoteAccess",
    "comments",
    "componentType",
    "concurrentlySchedulableTaskCount",
    "groupIdentifier",
    "identifier",
    "instanceIdentifier",
    "name",
    "portFunction",
    "position",
    "scheduledState",
    "type",
];

/// Of funnels.
pub(super) const FUNNEL: &[&str] = &[
    "comments",
    "componentType",
    "groupIdentifier",
    "identifier",
    "instanceIdentifier",
    "name",
    "position",
];

/// Of labels. Colours and letters are the canvas's.
pub(super) const LABEL: &[&str] = &[
    "comments",
    "componentType",
    "groupIdentifier",
    "height",
    "identifier",
    "instanceIdentifier",
    "label",
    "name",
    "position",
    "style",
    "width",
    "zIndex",
];

/// Of connections. What lies over what, and where on a line its name stands, is the canvas's.
pub(super) const CONNECTION: &[&str] = &[
    "backPressureDataSizeThreshold",
    "backPressureObjectThreshold",
    "bends",
    "comments",
    "componentType",
    "destination",
    "flowFileExpiration",
    "groupIdentifier",
    "identifier",
    "instanceIdentifier",
    "labelIndex",
    "loadBalanceCompression",
    "loadBalanceStrategy",
    "name",
    "partitioningAttribute",
    "position",
    "prioritizers",
    "selectedRelationships",
    "source",
    "zIndex",
];

/// Of parameter contexts.
pub(super) const CONTEXT: &[&str] = &[
    "comments",
    "componentType",
    "description",
    "groupIdentifier",
    "identifier",
    "inheritedParameterContexts",
    "instanceIdentifier",
    "name",
    "parameterGroupName",
    "parameterProvider",
    "parameters",
    "position",
    "synchronized",
];

/// Of parameters.
pub(super) const PARAMETER: &[&str] =
    &["description", "name", "provided", "referencedAssets", "sensitive", "value"];

/// Properties with other names: the type, NiFi's name, and ours. What NiFi 1 calls a property in
/// programs is known by what it shows to people, where an export has that; not all have.
const RENAMED: &[(&str, &str, &str)] = &[
    ("AttributesToJSON", "attributes-to-json-regex", "Attributes Regular Expression"),
    ("GenerateFlowFile", "generate-ff-custom-text", "Custom Text"),
    ("GenerateFlowFile", "mime-type", "Mime Type"),
    ("GetFile", "Input Directory", "Directory"),
    ("HandleHttpRequest", "Hostname", "Listening Address"),
    ("HandleHttpRequest", "multipart-request-max-size", "Multipart Request Max Size"),
    ("IdentifyMimeType", "use-filename-in-detection", "Use Filename In Detection"),
    ("InvokeHTTP", "Add Response Headers to Request", "Response Header Request Attributes Enabled"),
    ("InvokeHTTP", "Always Output Response", "Response Generation Required"),
    ("InvokeHTTP", "Attributes to Send", "Request Header Attributes Pattern"),
    ("InvokeHTTP", "Basic Authentication Password", "Request Password"),
    ("InvokeHTTP", "Basic Authentication Username", "Request Username"),
    ("InvokeHTTP", "Connection Timeout", "Socket Connect Timeout"),
    ("InvokeHTTP", "Content-Type", "Request Content-Type"),
    ("InvokeHTTP", "flow-file-naming-strategy", "Response FlowFile Naming Strategy"),
    ("InvokeHTTP", "Follow Redirects", "Response Redirects Enabled"),
    ("InvokeHTTP", "ignore-response-content", "Response Body Ignored"),
    ("InvokeHTTP", "Max Length To Put In Attribute", "Response Body Attribute Size"),
    ("InvokeHTTP", "Penalize on \"No Retry\"", "Request Failure Penalization Enabled"),
    ("InvokeHTTP", "Put Response Body In Attribute", "Response Body Attribute Name"),
    ("InvokeHTTP", "Read Timeout", "Socket Read Timeout"),
    ("InvokeHTTP", "Remote URL", "HTTP URL"),
    ("InvokeHTTP", "send-message-body", "Request Body Enabled"),
    ("InvokeHTTP", "Use Chunked Encoding", "Request Chunked Transfer-Encoding Enabled"),
    ("InvokeHTTP", "Useragent", "Request User-Agent"),
    ("ListenHTTP", "Authorized DN Pattern", "Authorized Subject DN Pattern"),
    ("ListenHTTP", "authorized-issuer-dn-pattern", "Authorized Issuer DN Pattern"),
    ("LogAttribute", "Attributes to Ignore Regular Expression", IGNORED),
    ("LogAttribute", "attributes-to-ignore-regex", IGNORED),
    ("LogAttribute", "Attributes to Log Regular Expression", LOGGED),
    ("LogAttribute", "attributes-to-log-regex", LOGGED),
    ("ReplaceText", "Regular Expression", "Search Value"),
];

const IGNORED: &str = "Attributes to Ignore by Regular Expression";
const LOGGED: &str = "Attributes to Log by Regular Expression";

/// Properties without a counterpart, and the value with which that makes no difference; none where
/// no value does.
const NEEDLESS: &[(&str, &str, Option<&str>)] = &[
    ("EvaluateJsonPath", "Max String Length", None),
    ("GenerateFlowFile", "Character Set", Some("UTF-8")),
    ("GenerateFlowFile", "character-set", Some("UTF-8")),
    ("HandleHttpRequest", "Client Authentication", Some("No Authentication")),
    ("HandleHttpRequest", "Container Queue Size", None),
    ("HandleHttpRequest", "container-queue-size", None),
    ("HandleHttpRequest", "Default URL Character Set", Some("UTF-8")),
    ("HandleHttpRequest", "HTTP Protocols", Some("HTTP_1_1")),
    ("HandleHttpRequest", "Maximum Threads", None),
    ("HandleHttpRequest", "Multipart Read Buffer Size", None),
    ("HandleHttpRequest", "multipart-read-buffer-size", None),
    ("HandleHttpRequest", "Request Header Maximum Size", None),
    ("IdentifyMimeType", "Config Strategy", Some("Preset")),
    ("IdentifyMimeType", "config-strategy", Some("Preset")),
    ("InvokeHTTP", "HTTP/2 Disabled", Some("False")),
    ("InvokeHTTP", "Request Content-Encoding", Some("DISABLED")),
    ("InvokeHTTP", "Request Date Header Enabled", None),
    ("InvokeHTTP", "Request Digest Authentication Enabled", Some("false")),
    ("InvokeHTTP", "Request Multipart Form-Data Filename Enabled", None),
    ("InvokeHTTP", "Response Cache Enabled", Some("false")),
    ("InvokeHTTP", "Response Cache Size", None),
    ("InvokeHTTP", "Response Cookie Strategy", Some("DISABLED")),
    ("InvokeHTTP", "Socket Idle Connections", None),
    ("InvokeHTTP", "Socket Idle Timeout", None),
    ("InvokeHTTP", "Socket Write Timeout", None),
    ("InvokeHTTP", "Content-Encoding", Some("DISABLED")),
    ("InvokeHTTP", "cookie-strategy", Some("DISABLED")),
    ("InvokeHTTP", "Digest Authentication", Some("false")),
    ("InvokeHTTP", "disable-http2", Some("False")),
    ("InvokeHTTP", "etag-max-cache-size", None),
    ("InvokeHTTP", "idle-timeout", None),
    ("InvokeHTTP", "Include Date Header", None),
    ("InvokeHTTP", "max-idle-connections", None),
    ("InvokeHTTP", "Proxy Type", Some("http")),
    ("InvokeHTTP", "set-form-filename", None),
    ("InvokeHTTP", "use-etag", Some("false")),
    ("ListFile", "Entity Tracking Node Identifier", None),
    ("ListFile", "Input Directory Location", Some("Local")),
    ("ListFile", "Max Directory Listing Time", None),
    ("ListFile", "Max Disk Operation Time", None),
    ("ListFile", "Maximum Number of Files to Track", None),
    ("ListFile", "Target System Timestamp Precision", None),
    ("ListFile", "Track Performance", Some("false")),
    ("ListenHTTP", "HTTP Protocols", Some("HTTP_1_1")),
    ("ListenHTTP", "Max Unconfirmed Flowfile Time", None),
    ("ListenHTTP", "Maximum Thread Pool Size", None),
    ("ListenHTTP", "max-thread-pool-size", None),
    ("ListenHTTP", "Multipart Read Buffer Size", None),
    ("ListenHTTP", "multipart-read-buffer-size", None),
    ("LogAttribute", "Character Set", Some("UTF-8")),
    ("LogAttribute", "character-set", Some("UTF-8")),
    ("LogAttribute", "Log FlowFile Properties", Some("true")),
    ("LogAttribute", "Output Format", Some("Line per Attribute")),
    ("MapCache", "Maximum Read Size", None),
    ("MapCache", "maximum-read-size", None),
    ("MapCache", "Persistence Directory", None),
    ("MapCache", "Port", None),
    ("MapCache", "SSL Context Service", None),
    ("SplitJson", "Max String Length", None),
    ("UpdateAttribute", "Cache Value Lookup Cache Size", None),
    ("UpdateAttribute", "canonical-value-lookup-cache-size", None),
];

/// What a property of NiFi is called here, if it has another name.
pub(super) fn renamed(type_name: &str, theirs: &str) -> Option<&'static str> {
    let is_it =
        |(of, name, _): &&(&str, &str, &str)| *of == type_name && name.eq_ignore_ascii_case(theirs);
    RENAMED.iter().find(is_it).map(|(_, _, ours)| *ours)
}

/// Whether it makes no difference that there is no such property here.
pub(super) fn is_needless(type_name: &str, theirs: &str, value: &str) -> bool {
    NEEDLESS.iter().any(|(of, name, harmless)| {
        *of == type_name
            && name.eq_ignore_ascii_case(theirs)
            && harmless.is_none_or(|harmless| harmless.eq_ignore_ascii_case(value))
    })
}

/// Whether a service of that type is the server of a map cache.
pub(super) fn is_map_cache_server(theirs: &str) -> bool {
    let (short, is_nifis) = type_name(theirs);
    is_nifis && ["DistributedMapCacheServer", "MapCacheServer"].contains(&short)
}

/// Whether a service of that type is the client of one.
pub(super) fn is_map_cache_client(theirs: &str) -> bool {
    let (short, is_nifis) = type_name(theirs);
    is_nifis && ["DistributedMapCacheClientService", "MapCacheClientService"].contains(&short)
}

/// The name of our type that does what NiFi's does, as far as the name tells: that of a processor
/// or service of NiFi itself. Others, and those of NiFi's own tests, are called alike by chance.
pub(super) fn type_name(theirs: &str) -> (&str, bool) {
    let short = theirs.rsplit('.').next().unwrap_or(theirs);
    let is_nifis = theirs.starts_with("org.apache.nifi.") && !theirs.contains(".tests.");
    (short, is_nifis)
}
