//! What can go wrong with a request: every code that a problem has, with its status of HTTP, what
//! it means, and what to do. `docs/problems.md` and the `OpenAPI` document are made of this.
//!
//! Must never give one code two statuses: whoever reads the one knows the other.

use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// What is said of a code.
pub(crate) struct Facts {
    /// As it is written.
    pub(crate) name: &'static str,
    pub(crate) status: StatusCode,
    /// What it is called.
    pub(crate) title: &'static str,
    /// How it comes about.
    pub(crate) cause: &'static str,
    /// What to do.
    pub(crate) fix: &'static str,
}

macro_rules! codes {
    ($($code:ident $name:literal $status:ident $title:literal: $cause:literal, $fix:literal;)*) => {
        /// What went wrong, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        #[schema(as = ProblemCode)]
        pub(crate) enum Code {
            $($code,)*
        }

        impl Code {
            pub(crate) const ALL: &[Self] = &[$(Self::$code,)*];

            pub(crate) fn facts(self) -> Facts {
                match self {
                    $(Self::$code => Facts {
                        name: $name,
                        status: StatusCode::$status,
                        title: $title,
                        cause: $cause,
                        fix: $fix,
                    },)*
                }
            }
        }
    };
}

codes! {
    Ahead "ahead" CONFLICT "Edits would be lost":
        "A flow is put to its address, and its draft has operations that were never applied.",
        "look at the draft; to replace it, send its revision in the header \"if-match\"";
    Body "body" UNPROCESSABLE_ENTITY "Not the body that is wanted":
        "The body is JSON, but not of the schema of this request: a field is missing, unknown, or \
         of another type.",
        "hold the body against the schema of the request in \"/api/v1/openapi.json\"";
    BodyTooLarge "bodyTooLarge" PAYLOAD_TOO_LARGE "The body is too large":
        "The body has more bytes than this server reads.",
        "send less; a flow of that size belongs into several flows; recordings come in by \
         processors";
    Busy "busy" CONFLICT "Another change is at work":
        "The flow is being changed, started or stopped at this moment.",
        "try again when that is done";
    CannotDecode "cannotDecode" UNPROCESSABLE_ENTITY "Not a recording that can be decoded":
        "Content was to be heard or seen as a recording, and it is none, of a format that is not \
         read, or damaged.",
        "look at the content as bytes, or decode it elsewhere";
    Conflict "conflict" CONFLICT "Somebody was faster":
        "Values that an operation changes are not what it says they were: somebody else has \
         changed them. \"conflicts\" names each, and what is there now.",
        "look at what is there now, and do it again if you still want it";
    Credentials "credentials" UNAUTHORIZED "Name or password is wrong":
        "There is no such user, or the password is another one; which of both is not told.",
        "try again; who keeps the users of this server can set a new password";
    DraftShut "draftShut" CONFLICT "The flow cannot be edited":
        "The log of the flow's operations cannot be read or written; the flow that runs goes on \
         as it is.",
        "mend what the detail says, and start the server again";
    Exists "exists" CONFLICT "There is one of that name":
        "A flow is to be made under a name that another one has.",
        "choose another name, or put the flow to its own address";
    Expression "expression" UNPROCESSABLE_ENTITY "The expression is wrong":
        "An expression cannot be read, or asks for what there is not here.",
        "mend it where the detail points to";
    File "file" INSUFFICIENT_STORAGE "The flow's file cannot be written":
        "The disk is full, or the server may not write there.",
        "make room on its disk, or let the server write there; nothing was changed";
    FileChanged "fileChanged" CONFLICT "The flow's file was changed":
        "Somebody has edited the flow's file beside the server, and the draft says otherwise.",
        "look at the plan again, set here what the file has there, or mend the file; then apply \
         it";
    FileUnreadable "fileUnreadable" CONFLICT "The flow's file is no flow":
        "What stands in the flow's file cannot be read as a flow, so it is not replaced either.",
        "mend the file, or put it away; then apply it: nothing was changed";
    Header "header" BAD_REQUEST "A header is wrong":
        "A header that every request needs is missing, there twice, or not text.",
        "send exactly one header \"host\", and at most one \"origin\"";
    Host "host" MISDIRECTED_REQUEST "Not this server's name":
        "The request names a host that this server does not go by; so pages of others cannot \
         reach it under a name of theirs.",
        "use \"localhost\" or its IP address, or start the server with \"--host NAME\"";
    IfMatch "ifMatch" BAD_REQUEST "The header if-match has no revision":
        "The header \"if-match\" is there, and not a number in quotes.",
        "write it as the \"etag\" of the draft has it: \"12\"";
    Internal "internal" INTERNAL_SERVER_ERROR "The server failed":
        "A fault of the server itself.",
        "the server's log says why; please report it";
    Invalid "invalid" UNPROCESSABLE_ENTITY "The flow cannot run":
        "The draft has findings that are errors.",
        "mend what the findings say, and apply it then";
    Limit "limit" UNPROCESSABLE_ENTITY "More than is done at a time":
        "A page, a list or a text is longer than one request may ask for; the detail says how \
         much may be.",
        "ask for less at a time, several times";
    Log "log" INSUFFICIENT_STORAGE "The operation cannot be kept":
        "The log of operations cannot be written: mostly, the disk is full. Nothing was changed.",
        "make room on the disk of the data folder, and do it again";
    Login "login" UNAUTHORIZED "Log in first":
        "This is answered only to users.",
        "log in, or send a token in the header \"authorization\"";
    Malformed "malformed" UNPROCESSABLE_ENTITY "Not an operation":
        "A path is none that a flow has, or an operation has too many changes, or none.",
        "hold it against the format of flows; the detail says which change is meant";
    MediaType "mediaType" UNSUPPORTED_MEDIA_TYPE "Not said to be JSON":
        "The body comes without \"content-type: application/json\".",
        "send that header";
    Method "method" METHOD_NOT_ALLOWED "Not done to this address":
        "There is something at this address, and it does not take this method.",
        "the header \"allow\" says which it takes";
    Name "name" UNPROCESSABLE_ENTITY "Another flow's text":
        "The text of a flow has another name than its address.",
        "send it to the address of its name, or change the name in it";
    Newest "newest" CONFLICT "Another operation is the newest":
        "The operation that was to be taken back is not the newest one any more; \"revision\" says \
         which is, if there is one.",
        "look at what is the newest now, and ask for that if you still want it";
    NoAddress "noAddress" NOT_FOUND "Nothing at this address":
        "There is neither a route nor a file of the page at this path.",
        "\"/api/v1\" lists what there is";
    NoComponent "noComponent" NOT_FOUND "No such component":
        "The flow has no component of that path, or nothing is known of it yet: figures are taken \
         every ten seconds.",
        "the flow's status lists its components";
    NoConnection "noConnection" NOT_FOUND "No such connection":
        "The flow that runs has no connection of that path.",
        "name a connection of the flow that runs, or apply a draft that has it first";
    NoContent "noContent" GONE "The content is no longer kept":
        "Nothing waits for the content of this event any more, and the archive has given it up.",
        "\"--archive-max\" and \"--archive-period\" say how much content is kept that nothing \
         waits for, and how long";
    NoEvent "noEvent" NOT_FOUND "No such event":
        "The provenance has no event of that number, no longer, or it took nothing in.",
        "search the provenance again";
    NoFlow "noFlow" NOT_FOUND "No such flow":
        "No flow of that name is served, or it does not run yet.",
        "\"/api/v1/flows\" lists the flows";
    NoFlowFile "noFlowFile" NOT_FOUND "It waits here no longer":
        "The flowfile has gone on since the queue was listed.",
        "list the queue again, or search the provenance for where it went";
    NoProcessor "noProcessor" NOT_FOUND "No such processor":
        "The draft has no processor of that path.",
        "look at the draft again";
    NoRevision "noRevision" NOT_FOUND "No such revision":
        "The log of operations has no revision of that number, or no longer.",
        "list the operations again";
    NoTable "noTable" UNPROCESSABLE_ENTITY "Not a table":
        "Content was to be read as a table, and it is none, of a format that is not read, or \
         damaged.",
        "look at the content as bytes";
    NotAFlow "notAFlow" UNPROCESSABLE_ENTITY "Not a flow":
        "What was sent is not a flow, or would not be one any more; \"findings\" says why.",
        "mend what the findings say";
    NotEmpty "notEmpty" CONFLICT "Flowfiles wait there":
        "A connection is to go in whose queue something waits; \"leftOver\" says where and how \
         much.",
        "let what waits there go on first, or say \"trash\": it can be brought back from there";
    NotHere "notHere" FORBIDDEN "Only from the server's own machine":
        "Stopping the server is for who works on its machine.",
        "send it from there, or stop the service that runs the server";
    NothingToRedo "nothingToRedo" CONFLICT "Nothing to redo":
        "Nothing was undone, or something was done since.",
        "undo something first";
    NothingToUndo "nothingToUndo" CONFLICT "Nothing to undo":
        "All operations of this user were taken back, or there are none.",
        "what others did is taken back by its revision: choose it in the history";
    NotJson "notJson" BAD_REQUEST "Not JSON":
        "The body ends too early, or is not JSON at all.",
        "send JSON";
    NoTrash "noTrash" NOT_FOUND "It is not in the trash":
        "Somebody has brought it back or given it up, or its time was over.",
        "look at the trash again";
    NotReady "notReady" SERVICE_UNAVAILABLE "Not all runs":
        "Flows, processors or services have not started yet; the detail says which, and why.",
        "wait, or mend what the detail says: it is tried again by itself";
    NotRunning "notRunning" SERVICE_UNAVAILABLE "The engine does not run":
        "The server is starting or stopping.",
        "try again in a moment; \"/health/ready\" says when";
    NotStopped "notStopped" CONFLICT "It must be stopped first":
        "What a component remembers is forgotten only while it does not run.",
        "stop it first";
    NotTakenBack "notTakenBack" INSUFFICIENT_STORAGE "Only half of it is done":
        "The flow's file and what runs differ, as a disk refused in the middle; the detail says \
         what is where.",
        "make room on the disk, and do it again, or put back the file as it was: what ends in a \
         number beside it";
    NotToTakeBack "notToTakeBack" CONFLICT "Not an operation to take back":
        "The operation is another user's, or was taken back already.",
        "the log says whose operations are whose, and which were taken back";
    NotTried "notTried" UNPROCESSABLE_ENTITY "It cannot be tried":
        "The processor is not set up rightly, of a type that a trial cannot run, or could not be \
         started; the detail says which.",
        "mend what the detail says";
    Origin "origin" FORBIDDEN "Asked by a page of somebody else":
        "A page of another origin has made this request in a browser.",
        "use the server's own page; programs send no header \"origin\"";
    Parameters "parameters" UNPROCESSABLE_ENTITY "Parameters cannot be read":
        "A file that gives values to parameters is not there, or not of its form.",
        "mend the file that the detail names";
    Part "part" UNPROCESSABLE_ENTITY "No such part of the recording":
        "The part begins behind the end of the recording, or ends before it begins.",
        "ask for a part that lies in the recording";
    Path "path" BAD_REQUEST "The address cannot be read":
        "A part of the address is not of the type that stands there: not a number, or not UTF-8.",
        "hold the address against \"/api/v1/openapi.json\"";
    Query "query" BAD_REQUEST "The query cannot be read":
        "A parameter behind \"?\" is missing, unknown, or of another type.",
        "hold the query against \"/api/v1/openapi.json\"";
    Range "range" RANGE_NOT_SATISFIABLE "The content is shorter":
        "The range begins behind the end of the content.",
        "the header \"content-range\" says how many bytes there are";
    Replay "replay" UNPROCESSABLE_ENTITY "It cannot come once more":
        "An event took in nothing, its content is no longer kept, or its connection is gone; \
         \"errors\" says which and why. Nothing was replayed.",
        "leave those events out";
    Repository "repository" SERVICE_UNAVAILABLE "The data folder cannot be read or written":
        "A disk refuses, or is full.",
        "make room, or mend the disk; the server's log says more";
    Request "request" FORBIDDEN "Not sent by the page":
        "A change comes with the cookie of a browser and without the header that only the \
         server's own page sends.",
        "send \"x-tutti-request: 1\"";
    Role "role" FORBIDDEN "Your role does not allow this":
        "\"needs\" says which role does.",
        "ask who keeps the users of this server";
    Runs "runs" CONFLICT "The flow runs":
        "It was to be deleted only if it rests.",
        "stop it first, or delete it without that condition";
    Size "size" UNPROCESSABLE_ENTITY "No such size":
        "A picture or a list of peaks is to be larger than is made, or of no size.",
        "ask for a size within the bounds that the detail says";
    Slow "slow" SERVICE_UNAVAILABLE "There was no answer in time":
        "Much is asked at once, a body or content is long, or a disk is stuck. What was asked for \
         may be done all the same.",
        "look what is there before asking again; try again when there is less to do";
    Stale "stale" PRECONDITION_FAILED "It has changed since":
        "The request names a revision that is no longer the newest; \"revision\" says which is.",
        "look at what is there now, and ask with that revision";
    TableProgram "tableProgram" SERVICE_UNAVAILABLE "Tables cannot be read now":
        "The program that reads tables of this format cannot be started.",
        "the server's log says why; memory or processes of the machine may be used up";
    TooLong "tooLong" CONFLICT "Processors do not come to an end":
        "What is to change waits for tasks that are at work; \"processors\" names them.",
        "wait for them, or terminate them, and apply it then";
    TooMany "tooMany" TOO_MANY_REQUESTS "Too many at a time":
        "One asks too often, or as much as may be is at work already.",
        "wait as long as the header \"retry-after\" says, or a few seconds";
}

impl Code {
    /// Which it is that the router or a limit means by a status; nobody else leaves it to that.
    pub(super) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NoAddress,
            StatusCode::METHOD_NOT_ALLOWED => Self::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Self::Slow,
            StatusCode::BAD_REQUEST => Self::Path,
            _ => Self::Internal,
        }
    }

    /// Where the manual speaks of it.
    pub(crate) fn address(self) -> String {
        format!("/#/help/problems?at={}", self.facts().name.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_their_order_once() {
        let names: Vec<&str> = Code::ALL.iter().map(|code| code.facts().name).collect();
        let mut sorted = names.clone();
        sorted.sort_by_key(|name| name.to_ascii_lowercase());
        sorted.dedup();
        assert_eq!(names, sorted);
    }

    #[test]
    fn each_says_what_to_do() {
        for code in Code::ALL {
            let Facts { name, status, title, cause, fix } = code.facts();
            assert_eq!(serde_json::json!(code), name);
            assert!(status.is_client_error() || status.is_server_error(), "{name}");
            assert!(!title.ends_with('.'), "{name}: {title}");
            assert!(cause.ends_with('.') && !fix.ends_with('.'), "{name}: {cause} {fix}");
            assert!(!fix.starts_with(char::is_uppercase), "{name}: {fix}");
        }
    }
}
