/** English: what each page of the manual is about. */
export const manual = {
  aboutCanvasPage: "Draw your first flow, and what each thing on the page does.",
  aboutNifiPage: "What you know of Apache NiFi, and where it is here.",
  aboutFlowFormatPage: "How the text of a flow is written.",
  aboutExpressionLanguagePage: "Values that depend on attributes and parameters.",
  aboutDeployingPage: "Bring flows from git to a server: plan, deploy, roll back.",
  aboutFlowsAsCodePage: "Format, compare and check flows; bring them over from NiFi.",
  aboutTestingFlowsPage: "Say what comes out of a flow, and have it checked.",
  aboutConfigurationPage: "Every setting, and where it may stand.",
  aboutSecurityPage: "People, roles and tokens; what is protected, and what is not.",
  aboutProblemsPage: "What the server refuses, by its codes: why, and what to do.",
  aboutDataFolderPage: "Look at queues, provenance and state from the command line.",
  aboutScorePage: "What is found in the music of a recording.",
  aboutLibrosaPage: "Each function beside its original, with the worst error.",
  aboutScriptPythonPage:
    "Your first script, with librosa and NumPy, and scripts that come from NiFi.",
  aboutScriptJavaScriptPage: "Scripts in JavaScript and TypeScript, in both styles.",
  aboutScriptSecurityPage: "What scripts can reach and use up, and what they cannot.",
  aboutPythonPage: "The same analysis in Python.",
  aboutSummaryPage: "What tutti run --json prints at its end, for programs.",
  aboutBenchmarksPage: "How fast it is, and how that was measured.",
  aboutProofPage: "What is held by tests, and by which.",
} as const;
