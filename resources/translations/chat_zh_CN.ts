<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>z2::ui::ChatColumn</name>
    <message>
        <source>⚠ Nothing says which tokenizer this model was trained with: it cannot read text.</source>
        <translation>⚠ 不知道这个模型训练时用的是哪个分词器，因此它无法读取文本。</translation>
    </message>
    <message>
        <source>⚠ This model has no chat template: it was trained to continue text, not to answer. The conversation is written as plain text, “User: …” and “Assistant: …”. If it was trained with a template, choose that one.</source>
        <translation>⚠ 这个模型没有对话模板：它学的是续写文本，而不是回答问题。对话会写成纯文本“User: …”和“Assistant: …”。如果训练时用过模板，请选择那一个。</translation>
    </message>
    <message>
        <source>Write a message below, and %1 answers.</source>
        <translation>在下方输入消息，%1 会回答。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Second model</source>
        <translation>第二个模型</translation>
    </message>
    <message>
        <source>Let this model answer the last message too</source>
        <translation>让这个模型也回答最后一条消息</translation>
    </message>
</context>
<context>
    <name>z2::ui::ChatPage</name>
    <message>
        <source>The conversation was cleared</source>
        <translation>对话已清空</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Two models</source>
        <translation>两个模型</translation>
    </message>
    <message>
        <source>Asks a second model the same, with the same seed, side by side</source>
        <translation>用同样的消息和种子并排询问第二个模型</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Every token of the last answer, as the template wrote the prompt</source>
        <translation>最后一次回答的全部 token，以及模板写出的提示</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>System prompt and sampling, at the right</source>
        <translation>右侧的系统提示与采样设置</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>The whole conversation as text</source>
        <translation>以文本形式复制整个对话</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Begins a new conversation</source>
        <translation>开始新的对话</translation>
    </message>
    <message>
        <source>Message: Enter sends it, Shift+Enter begins a new line</source>
        <translation>输入消息：Enter 发送，Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Ends the answer; what was written stays (Esc)</source>
        <translation>结束回答，已写出的内容会保留 (Esc)</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示</translation>
    </message>
    <message>
        <source>Tells the model how to be. Empty: none.</source>
        <translation>告诉模型应当怎样回答。留空则没有。</translation>
    </message>
    <message>
        <source>Nobody to talk with yet</source>
        <translation>还没有可以对话的模型</translation>
    </message>
    <message>
        <source>Every checkpoint of a run and every imported model can be talked with. Train a model on the Runs page, or import one on the Models page.</source>
        <translation>训练的每个检查点和导入的每个模型都可以对话。请在“训练”页训练一个模型，或在“模型”页导入一个。</translation>
    </message>
    <message>
        <source>Go to Runs</source>
        <translation>前往训练</translation>
    </message>
    <message>
        <source>Go to Models</source>
        <translation>前往模型</translation>
    </message>
</context>
<context>
    <name>z2::ui::MessageView</name>
    <message>
        <source>%1 (the other model)</source>
        <translation>%1（另一个模型）</translation>
    </message>
    <message>
        <source>Waits until the other model is done, so that neither slows the other</source>
        <translation>等另一个模型回答完，避免互相拖慢</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在书写…</translation>
    </message>
    <message>
        <source>written by you</source>
        <translation>由你改写</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>种子 %1</translation>
    </message>
    <message>
        <source>the oldest messages did not fit and were left out</source>
        <translation>最早的消息放不下，已略去</translation>
    </message>
    <message>
        <source>Edit, and go on from here</source>
        <translation>编辑，并从这里继续</translation>
    </message>
    <message>
        <source>Rewrite, and go on from here</source>
        <translation>改写，并从这里继续</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Answer again, with the next seed (Ctrl+R)</source>
        <translation>换下一个种子重新回答 (Ctrl+R)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>You</source>
        <translation>你</translation>
    </message>
</context>
<context>
    <name>z2::ui::TokenView</name>
    <message>
        <source>The tokens of the last answer</source>
        <translation>最后一次回答的 token</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>After the first answer, every token that the model read and drew stands here.</source>
        <translation>第一次回答之后，这里会列出模型读取和生成的每个 token。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens read, as the template writes the conversation</source>
        <translation>
            <numerusform>读取 %Ln 个 token（按模板写出的对话）</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens drawn</source>
        <translation>
            <numerusform>生成 %Ln 个 token</numerusform>
        </translation>
    </message>
</context>
</TS>
