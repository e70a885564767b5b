//! Exports as NiFi writes them.

#![allow(dead_code, reason = "each test uses its own part")]

use serde_json::{Value, json};

/// A flow definition of a group with these members.
pub(crate) fn definition(members: Value) -> Value {
    let mut contents = json!({ "identifier": "root", "name": "Flow" });
    merge(&mut contents, members);
    json!({ "flowContents": contents, "flowEncodingVersion": "1.0" })
}

pub(crate) fn merge(into: &mut Value, members: Value) {
    let (Some(into), Value::Object(members)) = (into.as_object_mut(), members) else { return };
    into.extend(members);
}

/// A processor as NiFi exports it, with `members` in place of some.
pub(crate) fn processor(id: &str, type_name: &str, members: Value) -> Value {
    let mut processor = json!({
        "identifier": id, "instanceIdentifier": format!("{id}-instance"), "name": id,
        "comments": "", "position": { "x": 1.4, "y": -2.0 }, "bundle": { "version": "2.9.0" },
        "type": format!("org.apache.nifi.processors.standard.{type_name}"),
        "properties": {}, "propertyDescriptors": {}, "style": {}, "schedulingPeriod": "0 sec",
        "schedulingStrategy": "TIMER_DRIVEN", "executionNode": "ALL", "penaltyDuration": "30 sec",
        "yieldDuration": "1 sec", "bulletinLevel": "WARN", "runDurationMillis": 25,
        "concurrentlySchedulableTaskCount": 1, "autoTerminatedRelationships": [],
        "scheduledState": "ENABLED", "retryCount": 10, "retriedRelationships": [],
        "backoffMechanism": "PENALIZE_FLOWFILE", "maxBackoffPeriod": "10 mins",
        "componentType": "PROCESSOR", "groupIdentifier": "root"
    });
    merge(&mut processor, members);
    processor
}

pub(crate) fn connection(from: &str, relationships: &[&str], to: &str, members: Value) -> Value {
    let mut connection = json!({
        "identifier": format!("{from}-{to}"), "name": "", "labelIndex": 0, "zIndex": 1,
        "source": { "id": from, "type": "PROCESSOR", "name": from },
        "destination": { "id": to, "type": "PROCESSOR", "name": to },
        "selectedRelationships": relationships, "backPressureObjectThreshold": 10000,
        "backPressureDataSizeThreshold": "1 GB", "flowFileExpiration": "0 sec",
        "prioritizers": [], "bends": [], "loadBalanceStrategy": "DO_NOT_LOAD_BALANCE",
        "partitioningAttribute": "", "loadBalanceCompression": "DO_NOT_COMPRESS"
    });
    merge(&mut connection, members);
    connection
}
