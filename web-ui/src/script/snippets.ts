/** Beginnings of scripts: in the simple style, and in NiFi's. `${…}` is what one goes on to write. */
import type { MessageKey } from "../messages";
import type { Language } from "./language";

export interface Snippet {
  name: MessageKey;
  style: "simple" | "nifi";
  /** What it is found by while one types. */
  label: string;
  code: string;
}

const PYTHON: readonly Snippet[] = [
  {
    name: "snippetAttribute",
    style: "simple",
    label: "process: attribute",
    code: 'def process(flowfile):\n\tflowfile["${words}"] = ${len(flowfile.text().split())}\n',
  },
  {
    name: "snippetContent",
    style: "simple",
    label: "process: content",
    code:
      "def process(flowfile):\n\tvalue = flowfile.json()\n\t${value}\n" +
      '\treturn {"content": value, "attributes": {"mime.type": "application/json"}}\n',
  },
  {
    name: "snippetRoute",
    style: "simple",
    label: "process: route",
    code: 'def process(flowfile):\n\treturn "failure" if ${flowfile.size == 0} else "success"\n',
  },
  {
    name: "snippetLines",
    style: "simple",
    label: "process: lines",
    code:
      "from tutti import Result\n\n\ndef process(flowfile):\n" +
      "\tfor number, line in enumerate(flowfile.text().splitlines()):\n" +
      '\t\tyield Result(content=${line}, attributes={"line": number})\n',
  },
  {
    name: "snippetSession",
    style: "simple",
    label: "process: session",
    code:
      "def process(session, flowfile):\n\tmade = session.create(flowfile)\n" +
      '\tmade.write(${"text"})\n\tsession.transfer(made)\n\treturn "success"\n',
  },
  {
    name: "snippetBatch",
    style: "simple",
    label: "process_batch",
    code:
      "def process_batch(session, flowfiles):\n\tfor flowfile in flowfiles:\n" +
      '\t\tflowfile["${of}"] = len(flowfiles)\n',
  },
  {
    name: "snippetRecording",
    style: "simple",
    label: "process: librosa",
    code:
      "import librosa\n\n\ndef process(flowfile):\n\ty, sr = librosa.load(flowfile)\n" +
      "\tmfcc = librosa.feature.mfcc(y=y, sr=sr, n_mfcc=${1:13})\n" +
      '\treturn {"content": {"mfcc": mfcc.mean(axis=1).tolist()}}\n',
  },
  {
    name: "snippetNifiGet",
    style: "nifi",
    label: "nifi: attribute",
    code:
      "flowFile = session.get()\nif flowFile is not None:\n" +
      '\tflowFile = session.putAttribute(flowFile, "${name}", "${value}")\n' +
      "\tsession.transfer(flowFile, REL_SUCCESS)\n",
  },
  {
    name: "snippetNifiWrite",
    style: "nifi",
    label: "nifi: StreamCallback",
    code:
      "from org.apache.commons.io import IOUtils\n" +
      "from java.nio.charset import StandardCharsets\n" +
      "from org.apache.nifi.processor.io import StreamCallback\n\n\n" +
      "class Change(StreamCallback):\n\tdef process(self, inputStream, outputStream):\n" +
      "\t\ttext = IOUtils.toString(inputStream, StandardCharsets.UTF_8)\n" +
      '\t\toutputStream.write(bytearray(${text}.encode("utf-8")))\n\n\n' +
      "flowFile = session.get()\nif flowFile is not None:\n" +
      "\tflowFile = session.write(flowFile, Change())\n" +
      "\tsession.transfer(flowFile, REL_SUCCESS)\n",
  },
  {
    name: "snippetNifiMany",
    style: "nifi",
    label: "nifi: several",
    code:
      "for flowFile in session.get(${1:100}):\n" +
      '\tflowFile = session.putAttribute(flowFile, "${name}", "${value}")\n' +
      "\tsession.transfer(flowFile, REL_SUCCESS)\n",
  },
];

const JAVASCRIPT: readonly Snippet[] = [
  {
    name: "snippetAttribute",
    style: "simple",
    label: "process: attribute",
    code:
      "function process(flowfile) {\n" +
      "\tflowfile.attributes.${words} = ${flowfile.text().split(/\\s+/).length};\n}\n",
  },
  {
    name: "snippetContent",
    style: "simple",
    label: "process: content",
    code:
      "function process(flowfile) {\n\tconst value = flowfile.json();\n\t${value};\n" +
      '\treturn { content: value, attributes: { "mime.type": "application/json" } };\n}\n',
  },
  {
    name: "snippetRoute",
    style: "simple",
    label: "process: route",
    code:
      "function process(flowfile) {\n" +
      '\treturn ${flowfile.size === 0} ? "failure" : "success";\n}\n',
  },
  {
    name: "snippetLines",
    style: "simple",
    label: "process: lines",
    code:
      "function process(flowfile) {\n\treturn flowfile\n\t\t.text()\n\t\t.trim()\n" +
      '\t\t.split("\\n")\n' +
      "\t\t.map((line, number) => ({ content: ${line}, attributes: { line: number } }));\n}\n",
  },
  {
    name: "snippetSession",
    style: "simple",
    label: "process: session",
    code:
      "function process(session, flowfile) {\n\tconst made = session.create(flowfile);\n" +
      '\tmade.write(${"text"});\n\tsession.transfer(made, "success");\n' +
      '\tsession.transfer(flowfile, "success");\n}\n',
  },
  {
    name: "snippetBatch",
    style: "simple",
    label: "processBatch",
    code:
      "function processBatch(session, flowfiles) {\n\tfor (const flowfile of flowfiles) {\n" +
      "\t\tflowfile.attributes.${of} = flowfiles.length;\n\t}\n}\n",
  },
  {
    name: "snippetRecording",
    style: "simple",
    label: "process: librosa",
    code:
      "function process(flowfile) {\n\tconst { y, sr } = librosa.load(flowfile);\n" +
      "\tconst mfcc = librosa.feature.mfcc({ y, sr, n_mfcc: ${1:13} });\n" +
      "\treturn { content: { mfcc: mfcc.mean(1) } };\n}\n",
  },
  {
    name: "snippetNifiGet",
    style: "nifi",
    label: "nifi: attribute",
    code:
      "var flowFile = session.get();\nif (flowFile != null) {\n" +
      '\tflowFile = session.putAttribute(flowFile, "${name}", "${value}");\n' +
      "\tsession.transfer(flowFile, REL_SUCCESS);\n}\n",
  },
  {
    name: "snippetNifiWrite",
    style: "nifi",
    label: "nifi: StreamCallback",
    code:
      'var StreamCallback = Java.type("org.apache.nifi.processor.io.StreamCallback");\n' +
      'var IOUtils = Java.type("org.apache.commons.io.IOUtils");\n' +
      'var StandardCharsets = Java.type("java.nio.charset.StandardCharsets");\n\n' +
      "var flowFile = session.get();\nif (flowFile != null) {\n" +
      "\tflowFile = session.write(flowFile, new StreamCallback(function (input, output) {\n" +
      "\t\tvar text = IOUtils.toString(input, StandardCharsets.UTF_8);\n" +
      "\t\toutput.write(${text}.getBytes(StandardCharsets.UTF_8));\n\t}));\n" +
      "\tsession.transfer(flowFile, REL_SUCCESS);\n}\n",
  },
  {
    name: "snippetNifiMany",
    style: "nifi",
    label: "nifi: several",
    code:
      "for (var flowFile of session.get(${1:100})) {\n" +
      '\tflowFile = session.putAttribute(flowFile, "${name}", "${value}");\n' +
      "\tsession.transfer(flowFile, REL_SUCCESS);\n}\n",
  },
];

export const SNIPPETS: Readonly<Record<Language, readonly Snippet[]>> = {
  python: PYTHON,
  javascript: JAVASCRIPT,
};
