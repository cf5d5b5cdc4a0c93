<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>GenerationText</name>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::DataPage</name>
    <message numerus="yes">
        <source>%1 documents</source>
        <translation>
            <numerusform>%1 document</numerusform>
            <numerusform>%1 documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 token</numerusform>
            <numerusform>%1 tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 documents, by %2 tokens in all</source>
        <translation>
            <numerusform>%1 document, by %2 tokens</numerusform>
            <numerusform>%1 documents, by %2 tokens in all</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 samples</source>
        <translation>
            <numerusform>%1 sample</numerusform>
            <numerusform>%1 samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::DoctorView</name>
    <message numerus="yes">
        <source>%n problems are to be solved first.</source>
        <translation>
            <numerusform>%n problem is to be solved first.</numerusform>
            <numerusform>%n problems are to be solved first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::DocumentTab</name>
    <message numerus="yes">
        <source>of %1 · %2 tokens</source>
        <translation>
            <numerusform>of %1 · %2 token</numerusform>
            <numerusform>of %1 · %2 tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::HistogramView</name>
    <message numerus="yes">
        <source>%1 to %2 tokens: %3 documents</source>
        <translation>
            <numerusform>%1 to %2 tokens: %3 document</numerusform>
            <numerusform>%1 to %2 tokens: %3 documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 to %2 tokens: %3 samples</source>
        <translation>
            <numerusform>%1 to %2 tokens: %3 sample</numerusform>
            <numerusform>%1 to %2 tokens: %3 samples</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::JobBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::ModelStep</name>
    <message numerus="yes">
        <source>%1 layers of %2, context %3</source>
        <translation>
            <numerusform>%1 layer of %2, context %3</numerusform>
            <numerusform>%1 layers of %2, context %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::NewRunPage</name>
    <message numerus="yes">
        <source>%1 steps</source>
        <translation>
            <numerusform>%1 step</numerusform>
            <numerusform>%1 steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::NoticeBanner</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::ReviewStep</name>
    <message numerus="yes">
        <source>%1 layers of %2</source>
        <translation>
            <numerusform>%1 layer of %2</numerusform>
            <numerusform>%1 layers of %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 heads</source>
        <translation>
            <numerusform>%1 head</numerusform>
            <numerusform>%1 heads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 steps of %2 tokens</source>
        <translation>
            <numerusform>%1 step of %2 tokens</numerusform>
            <numerusform>%1 steps of %2 tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>at most %1 checkpoints of %2</source>
        <translation>
            <numerusform>at most %1 checkpoint of %2</numerusform>
            <numerusform>at most %1 checkpoints of %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::RunActionBar</name>
    <message numerus="yes">
        <source>The %1 steps since the last checkpoint are lost.</source>
        <translation>
            <numerusform>The step since the last checkpoint is lost.</numerusform>
            <numerusform>The %1 steps since the last checkpoint are lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %1 steps are lost: there is no checkpoint yet.</source>
        <translation>
            <numerusform>The step is lost: there is no checkpoint yet.</numerusform>
            <numerusform>All %1 steps are lost: there is no checkpoint yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::RunEdits</name>
    <message numerus="yes">
        <source>%n runs archived</source>
        <translation>
            <numerusform>%n run archived</numerusform>
            <numerusform>%n runs archived</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n runs moved to the trash</source>
        <translation>
            <numerusform>%n run moved to the trash</numerusform>
            <numerusform>%n runs moved to the trash</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::RunsPage</name>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 runs</source>
        <translation>
            <numerusform>%1 of %2 run</numerusform>
            <numerusform>%1 of %2 runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::SampleSetView</name>
    <message numerus="yes">
        <source>%1 samples</source>
        <translation>
            <numerusform>%1 sample</numerusform>
            <numerusform>%1 samples</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 token</numerusform>
            <numerusform>%1 tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::SampleView</name>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 token</numerusform>
            <numerusform>%1 tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens in the longer one</source>
        <translation>
            <numerusform>%1 token in the longer one</numerusform>
            <numerusform>%1 tokens in the longer one</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::StatusLine</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::TokenView</name>
    <message numerus="yes">
        <source>%Ln tokens read, as the template writes the conversation</source>
        <translation>
            <numerusform>%Ln token read, as the template writes the conversation</numerusform>
            <numerusform>%Ln tokens read, as the template writes the conversation</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens drawn</source>
        <translation>
            <numerusform>%Ln token drawn</numerusform>
            <numerusform>%Ln tokens drawn</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>z2::ui::TryTab</name>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 token</numerusform>
            <numerusform>%1 tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 characters</source>
        <translation>
            <numerusform>%1 character</numerusform>
            <numerusform>%1 characters</numerusform>
        </translation>
    </message>
</context>
</TS>
