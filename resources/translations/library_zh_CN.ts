<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>ModelWords</name>
    <message>
        <source>%1 · step %2</source>
        <translation>%1 · 第 %2 步</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>%1, of them %2 for keys and values</source>
        <translation>%1，其中键值头 %2</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>%1, inner %2</source>
        <translation>%1，中间层 %2</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>Longest context</source>
        <translation>最长上下文</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个 token</translation>
    </message>
    <message>
        <source>Output shares the embedding</source>
        <translation>输出层与词嵌入共享</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Memory to generate</source>
        <translation>生成所需内存</translation>
    </message>
    <message>
        <source>%1 for weights in fp32, and %2 for a full context</source>
        <translation>fp32 权重 %1，用满上下文另需 %2</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>GGUF, for llama.cpp</source>
        <translation>GGUF，供 llama.cpp 使用</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>To talk with it</source>
        <translation>与它对话</translation>
    </message>
</context>
<context>
    <name>NewName</name>
    <message>
        <source>Give it a name.</source>
        <translation>请起个名字。</translation>
    </message>
    <message>
        <source>A name has no / in it and does not begin with . or -.</source>
        <translation>名字不能含 /，也不能以 . 或 - 开头。</translation>
    </message>
    <message>
        <source>This name is too long.</source>
        <translation>名字太长。</translation>
    </message>
    <message>
        <source>There is one named %1 already.</source>
        <translation>已有名为 %1 的条目。</translation>
    </message>
</context>
<context>
    <name>TokenizerWords</name>
    <message>
        <source>Byte-level BPE</source>
        <translation>字节级 BPE</translation>
    </message>
    <message>
        <source>BPE</source>
        <translation>BPE</translation>
    </message>
    <message>
        <source>SentencePiece BPE</source>
        <translation>SentencePiece BPE</translation>
    </message>
    <message>
        <source>SentencePiece unigram</source>
        <translation>SentencePiece unigram</translation>
    </message>
    <message>
        <source>Unicode NFC</source>
        <translation>Unicode NFC</translation>
    </message>
    <message>
        <source>Unicode NFD</source>
        <translation>Unicode NFD</translation>
    </message>
    <message>
        <source>Unicode NFKC</source>
        <translation>Unicode NFKC</translation>
    </message>
    <message>
        <source>Unicode NFKD</source>
        <translation>Unicode NFKD</translation>
    </message>
    <message>
        <source>lower case</source>
        <translation>转为小写</translation>
    </message>
    <message>
        <source>white space at the ends removed</source>
        <translation>去除首尾空白</translation>
    </message>
    <message>
        <source>“%1” put before the text</source>
        <translation>在文本前加“%1”</translation>
    </message>
    <message>
        <source>“%1” becomes “%2”</source>
        <translation>“%1”替换为“%2”</translation>
    </message>
    <message>
        <source>a space put before the text</source>
        <translation>在文本前加一个空格</translation>
    </message>
    <message>
        <source>repeated spaces become one</source>
        <translation>连续空格合并为一个</translation>
    </message>
    <message>
        <source>None: the text stays as it is</source>
        <translation>无：文本保持原样</translation>
    </message>
    <message>
        <source>cut by the pattern of %1</source>
        <translation>按 %1 的规则切分</translation>
    </message>
    <message>
        <source>cut by the pattern %1</source>
        <translation>按正则 %1 切分</translation>
    </message>
    <message>
        <source>cut at “%1”</source>
        <translation>在“%1”处切分</translation>
    </message>
    <message>
        <source>cut by the pattern of GPT-2, then bytes</source>
        <translation>按 GPT-2 的规则切分，再转为字节</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>转为字节</translation>
    </message>
    <message>
        <source>each digit alone</source>
        <translation>逐位切分数字</translation>
    </message>
    <message>
        <source>numbers apart</source>
        <translation>数字单独切出</translation>
    </message>
    <message>
        <source>spaces become %1</source>
        <translation>空格替换为 %1</translation>
    </message>
    <message>
        <source>words and signs apart</source>
        <translation>单词与符号分开</translation>
    </message>
    <message>
        <source>cut at white space</source>
        <translation>在空白处切分</translation>
    </message>
    <message>
        <source>punctuation apart</source>
        <translation>标点单独切出</translation>
    </message>
    <message>
        <source>cut before each space</source>
        <translation>在每个空格前切分</translation>
    </message>
    <message>
        <source>rare characters become bytes</source>
        <translation>罕见字符回退为字节</translation>
    </message>
    <message>
        <source>None: the text is one piece to merge in</source>
        <translation>无：整段文本一起合并</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>……另有 %1 个</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation>词元数</translation>
    </message>
    <message>
        <source>Merges</source>
        <translation>合并规则</translation>
    </message>
    <message>
        <source>Before splitting</source>
        <translation>规范化</translation>
    </message>
    <message>
        <source>Splitting</source>
        <translation>预切分</translation>
    </message>
    <message>
        <source>Special tokens</source>
        <translation>特殊 token</translation>
    </message>
    <message>
        <source>Begins a text</source>
        <translation>文本起始</translation>
    </message>
    <message>
        <source>Ends a document</source>
        <translation>文档结束</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
</context>
<context>
    <name>z2::ui::DataForm</name>
    <message>
        <source>Add at least one file.</source>
        <translation>请至少添加一个文件。</translation>
    </message>
    <message>
        <source>Train or import a tokenizer first: the page Tokenizers does both.</source>
        <translation>请先在“分词器”页训练或导入一个分词器。</translation>
    </message>
    <message>
        <source>Tick the fields that hold the text.</source>
        <translation>请勾选存放文本的字段。</translation>
    </message>
    <message>
        <source>Data %1</source>
        <translation>数据 %1</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Files</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Tokenizer</source>
        <translation>分词器(&amp;T)</translation>
    </message>
    <message>
        <source>A model learns and speaks in the pieces of this tokenizer.</source>
        <translation>模型以这个分词器的 token 来学习和输出。</translation>
    </message>
    <message>
        <source>Fiel&amp;ds</source>
        <translation>字段(&amp;D)</translation>
    </message>
    <message>
        <source>Those ticked make the text of a record, in this order; drag to change it.</source>
        <translation>勾选的字段按此顺序组成一条记录的文本；拖动可调整顺序。</translation>
    </message>
    <message>
        <source>Between &amp;fields</source>
        <translation>字段间隔(&amp;B)</translation>
    </message>
    <message>
        <source>\n is a new line, \t a tab.</source>
        <translation>\n 为换行，\t 为制表符。</translation>
    </message>
    <message>
        <source>Text &amp;unit</source>
        <translation>文本单位(&amp;U)</translation>
    </message>
    <message>
        <source>What is one document of a plain text file.</source>
        <translation>纯文本文件中怎样算一篇文档。</translation>
    </message>
    <message>
        <source>For &amp;validation</source>
        <translation>验证集(&amp;V)</translation>
    </message>
    <message>
        <source>Held out of training, to see what the model has learned.</source>
        <translation>不参与训练，用来检验模型学到了什么。</translation>
    </message>
    <message>
        <source>&amp;Longest document</source>
        <translation>最长文档(&amp;L)</translation>
    </message>
    <message>
        <source>Tokens; what is over is cut. 0: no limit.</source>
        <translation>以 token 计，超出部分截断；0 为不限。</translation>
    </message>
    <message>
        <source>&amp;Workers</source>
        <translation>线程数(&amp;W)</translation>
    </message>
    <message>
        <source>Threads; the result does not depend on them.</source>
        <translation>不影响结果。</translation>
    </message>
    <message>
        <source>Paragraphs between blank lines</source>
        <translation>以空行分隔的段落</translation>
    </message>
    <message>
        <source>Each line</source>
        <translation>每一行</translation>
    </message>
    <message>
        <source>The whole file</source>
        <translation>整个文件</translation>
    </message>
    <message>
        <source>Tokenize</source>
        <translation>开始分词</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>&amp;Made for</source>
        <translation>用途(&amp;M)</translation>
    </message>
    <message>
        <source>The task of the runs that learn from it.</source>
        <translation>使用这份数据的训练属于哪种任务。</translation>
    </message>
    <message>
        <source>Chat te&amp;mplate</source>
        <translation>对话模板(&amp;P)</translation>
    </message>
    <message>
        <source>How turns are written; a model goes on with the one that it was trained with.</source>
        <translation>对话各轮的写法；模型此前用哪个模板训练，就继续用哪个。</translation>
    </message>
    <message>
        <source>&amp;Columns</source>
        <translation>字段对应(&amp;C)</translation>
    </message>
    <message>
        <source>Only where fields have names of their own: prompt=question,completion=answer</source>
        <translation>仅在字段名与众不同时填写：prompt=question,completion=answer</translation>
    </message>
    <message>
        <source>Pretraining: texts</source>
        <translation>预训练：文本</translation>
    </message>
    <message>
        <source>Fine-tuning (SFT): conversations, instructions</source>
        <translation>微调 (SFT)：对话、指令</translation>
    </message>
    <message>
        <source>Alignment (DPO): preferred and rejected answers</source>
        <translation>偏好对齐 (DPO)：更好与较差的回答</translation>
    </message>
    <message>
        <source>&amp;Longest sample</source>
        <translation>最长样本(&amp;L)</translation>
    </message>
    <message>
        <source>Tra&amp;ined</source>
        <translation>训练内容(&amp;I)</translation>
    </message>
    <message>
        <source>What of a conversation the model learns to say.</source>
        <translation>模型要学会说出对话中的哪些部分。</translation>
    </message>
    <message>
        <source>&amp;Kept when cut</source>
        <translation>截断时保留(&amp;K)</translation>
    </message>
    <message>
        <source>The part of a pair over that length that stays.</source>
        <translation>偏好对超过上述长度时，保留哪一部分。</translation>
    </message>
    <message>
        <source>What the assistant says</source>
        <translation>助手说的话</translation>
    </message>
    <message>
        <source>The last answer alone</source>
        <translation>仅最后一条回答</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部内容</translation>
    </message>
    <message>
        <source>The start: answers lose their end</source>
        <translation>开头：截去回答的结尾</translation>
    </message>
    <message>
        <source>The end: the prompt loses its start</source>
        <translation>结尾：先截去提示的开头</translation>
    </message>
    <message>
        <source>Its folder in the workspace is called the same.</source>
        <translation>也是它在工作区中的文件夹名。</translation>
    </message>
</context>
<context>
    <name>z2::ui::DataPage</name>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Left out (%1)</source>
        <translation>剔除 (%1)</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not in the workspace; its SHA-256 is %1</source>
        <translation>不在工作区中；其 SHA-256 为 %1</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Tokens in a document</source>
        <translation>每篇 token 数</translation>
    </message>
    <message>
        <source>%1 on average</source>
        <translation>平均 %1</translation>
    </message>
    <message>
        <source>For validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>剔除</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>截断</translation>
    </message>
    <message>
        <source>Tokenizer</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>存储格式</translation>
    </message>
    <message>
        <source>Made from</source>
        <translation>来源文件</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>XXH3 of its tokens</source>
        <translation>token 文件的 XXH3</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>New data…</source>
        <translation>新建数据…</translation>
    </message>
    <message>
        <source>Lengths of the documents</source>
        <translation>文档长度分布</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>No data yet</source>
        <translation>还没有数据</translation>
    </message>
    <message>
        <source>Data is text that was cut into the tokens of a tokenizer, ready for training. Make some from .txt, .jsonl, .json or .parquet files.</source>
        <translation>数据是用分词器切好、可以直接训练的文本，可由 .txt、.jsonl、.json 或 .parquet 文件生成。</translation>
    </message>
    <message numerus="yes">
        <source>%1 documents</source>
        <translation>
            <numerusform>%1 篇文档</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 个 token</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 documents, by %2 tokens in all</source>
        <translation>
            <numerusform>%1 篇文档，共 %2 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 tasks</source>
        <translation>%1 / %2 条任务</translation>
    </message>
    <message>
        <source>%1 tasks</source>
        <translation>%1 条任务</translation>
    </message>
    <message>
        <source>Instructions · %1</source>
        <translation>指令 · %1</translation>
    </message>
    <message>
        <source>Have instructions written…</source>
        <translation>让模型编写指令…</translation>
    </message>
    <message>
        <source>A model writes tasks after the pattern of some by people</source>
        <translation>模型仿照人写的任务编写更多任务</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Trained tokens</source>
        <translation>参与训练的 token</translation>
    </message>
    <message numerus="yes">
        <source>%1 samples</source>
        <translation>
            <numerusform>%1 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>New data</source>
        <translation>新建数据</translation>
    </message>
    <message>
        <source>Instructions written by a model</source>
        <translation>让模型编写指令</translation>
    </message>
</context>
<context>
    <name>z2::ui::DocumentTab</name>
    <message numerus="yes">
        <source>of %1 · %2 tokens</source>
        <translation>
            <numerusform>共 %1 篇 · %2 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>, the first %1 are shown</source>
        <translation>，显示前 %1 个</translation>
    </message>
    <message>
        <source>its tokenizer is not in the workspace: ids only</source>
        <translation>对应的分词器不在工作区中，只能显示 id</translation>
    </message>
    <message>
        <source>&amp;Document</source>
        <translation>文档(&amp;D)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一篇</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一篇</translation>
    </message>
    <message>
        <source>Pieces of the document</source>
        <translation>文档的 token</translation>
    </message>
    <message>
        <source>There is no document to show.</source>
        <translation>没有可显示的文档。</translation>
    </message>
</context>
<context>
    <name>z2::ui::DroppedTab</name>
    <message>
        <source>Records left out</source>
        <translation>被剔除的记录</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Begins with</source>
        <translation>开头</translation>
    </message>
</context>
<context>
    <name>z2::ui::ExportDialog</name>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Hugging Face directory: transformers, vLLM, and this program</source>
        <translation>Hugging Face 目录：用于 transformers、vLLM 和本程序</translation>
    </message>
    <message>
        <source>GGUF: one file for llama.cpp, Ollama, LM Studio</source>
        <translation>GGUF：单个文件，用于 llama.cpp、Ollama、LM Studio</translation>
    </message>
    <message>
        <source>Read it back, and check that it gives the &amp;same loss</source>
        <translation>读回并检查损失是否相同(&amp;S)</translation>
    </message>
    <message>
        <source>Both models predict the same text (--check). GGUF needs 4 bytes a parameter of disk for as long as that takes.</source>
        <translation>两个模型预测同一段文本 (--check)。GGUF 检查期间每个参数需要 4 字节磁盘空间。</translation>
    </message>
    <message>
        <source>&amp;Format:</source>
        <translation>格式(&amp;F)：</translation>
    </message>
    <message>
        <source>&amp;Weights:</source>
        <translation>权重(&amp;W)：</translation>
    </message>
    <message>
        <source>Chat &amp;template:</source>
        <translation>对话模板(&amp;T)：</translation>
    </message>
    <message>
        <source>F&amp;older:</source>
        <translation>文件夹(&amp;O)：</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>名称(&amp;N)：</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>2 bytes a weight, what llama.cpp is quickest to read</source>
        <translation>每个权重 2 字节，llama.cpp 读取最快</translation>
    </message>
    <message>
        <source>8 bits a weight, nearly as good and half as large</source>
        <translation>每个权重 8 位，效果相近，大小减半</translation>
    </message>
    <message>
        <source>2 bytes a weight, the range of fp32</source>
        <translation>每个权重 2 字节，范围与 fp32 相同</translation>
    </message>
    <message>
        <source>2 bytes a weight, as most models are published</source>
        <translation>每个权重 2 字节，多数模型以此发布</translation>
    </message>
    <message>
        <source>2 bytes a weight</source>
        <translation>每个权重 2 字节</translation>
    </message>
    <message>
        <source>4 bytes a weight, without any rounding</source>
        <translation>每个权重 4 字节，没有舍入</translation>
    </message>
    <message>
        <source>≈ %1 for %2 parameters</source>
        <translation>≈ %1，%2 个参数</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>请选择文件夹。</translation>
    </message>
    <message>
        <source>Export of %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
</context>
<context>
    <name>z2::ui::FileList</name>
    <message>
        <source>Add text files</source>
        <translation>添加文本文件</translation>
    </message>
    <message>
        <source>Text (*.txt *.md *.jsonl *.ndjson *.json *.parquet);;All files (*)</source>
        <translation>文本 (*.txt *.md *.jsonl *.ndjson *.json *.parquet);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>or drop them here: .txt, .jsonl, .json, .parquet</source>
        <translation>或拖放到此处：.txt、.jsonl、.json、.parquet</translation>
    </message>
</context>
<context>
    <name>z2::ui::GenerateForm</name>
    <message>
        <source>Add a file of tasks by people to begin with.</source>
        <translation>请先添加一个由人编写的种子任务文件。</translation>
    </message>
    <message>
        <source>The server&apos;s address begins with http:// or https:// and holds no password.</source>
        <translation>服务器地址以 http:// 或 https:// 开头，且不含密码。</translation>
    </message>
    <message>
        <source>Say what the server calls the model.</source>
        <translation>请填写服务器上的模型名。</translation>
    </message>
    <message>
        <source>There is no such key file.</source>
        <translation>没有这个密钥文件。</translation>
    </message>
    <message>
        <source>%1 tasks are kept already; ask for more.</source>
        <translation>已保留 %1 条任务，请填更大的数目。</translation>
    </message>
    <message>
        <source>Nothing was asked for.</source>
        <translation>没有发出任何请求。</translation>
    </message>
    <message>
        <source>Instructions %1</source>
        <translation>指令数据 %1</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Seeds</source>
        <translation>种子任务(&amp;S)</translation>
    </message>
    <message>
        <source>Tasks written by people, from which others are asked for: instruction, input, output.</source>
        <translation>由人编写的任务（指令、输入、输出），模型仿照它们写出更多。</translation>
    </message>
    <message>
        <source>Ser&amp;ver</source>
        <translation>服务器(&amp;V)</translation>
    </message>
    <message>
        <source>With OpenAI&apos;s interface: what z2all serve prints, or a provider&apos;s.</source>
        <translation>提供 OpenAI 接口：z2all serve 打印的地址，或服务商的地址。</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Tasks</source>
        <translation>任务数(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Requests at once</source>
        <translation>同时请求数(&amp;R)</translation>
    </message>
    <message>
        <source>Tem&amp;perature</source>
        <translation>温度(&amp;P)</translation>
    </message>
    <message>
        <source>Higher is more varied, and more often wrong.</source>
        <translation>越高越多样，也越容易出错。</translation>
    </message>
    <message>
        <source>Like&amp;ness</source>
        <translation>相似度上限(&amp;E)</translation>
    </message>
    <message>
        <source>ROUGE-L to a kept task above which one is left out: 0.7 is usual, lower is stricter.</source>
        <translation>与任一已保留任务的 ROUGE-L 超过此值即剔除：通常为 0.7，越低越严格。</translation>
    </message>
    <message>
        <source>Price of &amp;input</source>
        <translation>输入价格(&amp;I)</translation>
    </message>
    <message>
        <source>Of a million tokens, to see what it costs. 0: not counted.</source>
        <translation>每百万 token 的价格，用于估算费用。0：不计算。</translation>
    </message>
    <message>
        <source>Price of &amp;output</source>
        <translation>输出价格(&amp;O)</translation>
    </message>
    <message>
        <source>Of a million tokens.</source>
        <translation>每百万 token 的价格。</translation>
    </message>
    <message>
        <source>As the seeds</source>
        <translation>与种子一致</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>密钥(&amp;K)</translation>
    </message>
    <message>
        <source>A file whose first line is the server&apos;s key, or keychain:NAME: what the keychain has under that name. It is read from there and stored nowhere.</source>
        <translation>首行是服务器密钥的文件，或“keychain:名称”：密钥环中该名称下的密钥。只从那里读取，不会另存。</translation>
    </message>
    <message>
        <source>Store a key…</source>
        <translation>存入密钥…</translation>
    </message>
    <message>
        <source>In the desktop&apos;s keychain (z2all key set)</source>
        <translation>存入桌面的密钥环（z2all key set）</translation>
    </message>
    <message>
        <source>Its folder in the workspace is called the same.</source>
        <translation>也是它在工作区中的文件夹名。</translation>
    </message>
    <message>
        <source>The name that the server knows it by.</source>
        <translation>服务器上的模型名。</translation>
    </message>
    <message>
        <source>The language of the tasks.</source>
        <translation>任务所用的语言。</translation>
    </message>
    <message>
        <source>How many to keep in the end.</source>
        <translation>最终保留多少条。</translation>
    </message>
    <message>
        <source>Tasks per re&amp;quest</source>
        <translation>每次请求条数(&amp;Q)</translation>
    </message>
    <message>
        <source>How many each request asks for.</source>
        <translation>每次请求索取多少条。</translation>
    </message>
</context>
<context>
    <name>z2::ui::GenerateTab</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在生成…</translation>
    </message>
    <message>
        <source>No text was generated.</source>
        <translation>没有生成文本。</translation>
    </message>
    <message>
        <source>The model&apos;s tokenizer is not known: it cannot read text.</source>
        <translation>不知道该模型的分词器，无法读入文本。</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Text to continue</source>
        <translation>待续写的文本</translation>
    </message>
    <message>
        <source>Generated text</source>
        <translation>生成的文本</translation>
    </message>
    <message>
        <source>The model&apos;s words appear here as it writes them.</source>
        <translation>模型写出的文字会实时显示在这里。</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Once upon a time</source>
        <translation>从前</translation>
    </message>
</context>
<context>
    <name>z2::ui::HistogramView</name>
    <message>
        <source>Lengths of the documents</source>
        <translation>文档长度分布</translation>
    </message>
    <message numerus="yes">
        <source>%1 to %2 tokens: %3 documents</source>
        <translation>
            <numerusform>%1 到 %2 个 token：%3 篇文档</numerusform>
        </translation>
    </message>
    <message>
        <source>Lengths of the samples</source>
        <translation>样本长度</translation>
    </message>
    <message numerus="yes">
        <source>%1 to %2 tokens: %3 samples</source>
        <translation>
            <numerusform>%1 至 %2 个 token：%3 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>最多 %1</translation>
    </message>
    <message>
        <source>tokens in a document: each bar from its number up to the next</source>
        <translation>每篇的 token 数：每根柱从所标数值到下一个数值</translation>
    </message>
    <message>
        <source>tokens in a sample: each bar from its number up to the next</source>
        <translation>每个样本的 token 数：每根柱从所标数值到下一个数值</translation>
    </message>
</context>
<context>
    <name>z2::ui::InstructionsPane</name>
    <message>
        <source>Kept (%1)</source>
        <translation>保留 (%1)</translation>
    </message>
    <message>
        <source>Left out (%1)</source>
        <translation>剔除 (%1)</translation>
    </message>
    <message>
        <source>%1 of %2 tasks</source>
        <translation>%1 / %2 条任务</translation>
    </message>
    <message>
        <source>%1 tasks</source>
        <translation>%1 条任务</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>每分钟 %1 条</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1, in %2 attempts</source>
        <translation>%1 次，共尝试 %2 次</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>%1 asked, %2 answered</source>
        <translation>输入 %1，输出 %2</translation>
    </message>
    <message>
        <source>Not counted</source>
        <translation>未计入</translation>
    </message>
    <message>
        <source>the tokens of %1 requests: the server did not say</source>
        <translation>%1 次请求的 token：服务器没有报告</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>剔除</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Likeness</source>
        <translation>相似度上限</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Left out in</source>
        <translation>剔除记录</translation>
    </message>
    <message>
        <source>The data is as it was.</source>
        <translation>数据保持原样。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Have more tasks written, also by another model or server</source>
        <translation>接着编写更多任务，也可以换模型或服务器</translation>
    </message>
    <message>
        <source>Tasks kept</source>
        <translation>已保留的任务</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Tasks left out</source>
        <translation>被剔除的任务</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Nothing was left out.</source>
        <translation>没有剔除任何任务。</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>About</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>z2::ui::KeyDialog</name>
    <message>
        <source>Store a key</source>
        <translation>存入密钥</translation>
    </message>
    <message>
        <source>The desktop&apos;s keychain keeps the key under this name, in place of one that it has already. The key is written nowhere else.</source>
        <translation>密钥由桌面的密钥环以此名称保管，同名的旧密钥会被替换。密钥不会写到任何别的地方。</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>名称(&amp;N)：</translation>
    </message>
    <message>
        <source>&amp;Key:</source>
        <translation>密钥(&amp;K)：</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>存入</translation>
    </message>
    <message>
        <source>A name is one word that does not begin with -.</source>
        <translation>名称是一个不以 - 开头的词，中间没有空格。</translation>
    </message>
    <message>
        <source>The desktop may ask for the password of its keychain.</source>
        <translation>桌面可能会要求输入密钥环的密码。</translation>
    </message>
    <message>
        <source>A key is one word of English letters, digits and signs.</source>
        <translation>密钥由英文字母、数字和符号组成，中间没有空格。</translation>
    </message>
</context>
<context>
    <name>z2::ui::LeaveChoice</name>
    <message>
        <source>Go on, with the long samples cut</source>
        <translation>继续，过长的样本截断使用</translation>
    </message>
    <message>
        <source>Go on, without the samples that train nothing</source>
        <translation>继续，剔除没有训练内容的样本</translation>
    </message>
</context>
<context>
    <name>z2::ui::LibraryPage</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>z2::ui::ModelsPage</name>
    <message>
        <source>%1 parameters · %2 · %3</source>
        <translation>%1 参数 · %2 · %3</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Import a Hugging Face model directory</source>
        <translation>导入 Hugging Face 模型目录</translation>
    </message>
    <message>
        <source>Import of %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>Do not go on from %1; the others are untouched.</source>
        <translation>请勿再使用 %1；其他检查点不受影响。</translation>
    </message>
    <message>
        <source>%1 is whole.</source>
        <translation>%1 完整无损。</translation>
    </message>
    <message>
        <source>Every tensor is there with its shape, and every checksum that it has is right.</source>
        <translation>张量齐全、形状正确，所带的校验和全部吻合。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>About</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>No models yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Each checkpoint of a run appears here, and every model that you import: a Hugging Face directory of the Llama or Qwen2 kind.</source>
        <translation>训练的每个检查点都会出现在这里，导入的模型也一样：Llama 或 Qwen2 结构的 Hugging Face 目录。</translation>
    </message>
    <message>
        <source>Import a model…</source>
        <translation>导入模型…</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Talks with this model on the Chat page</source>
        <translation>在“对话”页与这个模型对话</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
</context>
<context>
    <name>z2::ui::PieceLegend</name>
    <message>
        <source>trained</source>
        <translation>参与训练</translation>
    </message>
    <message>
        <source>read, not trained</source>
        <translation>只读取，不训练</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>已截断</translation>
    </message>
    <message>
        <source>special token</source>
        <translation>特殊 token</translation>
    </message>
</context>
<context>
    <name>z2::ui::PieceView</name>
    <message>
        <source>special token</source>
        <translation>特殊 token</translation>
    </message>
    <message>
        <source>piece</source>
        <translation>token</translation>
    </message>
    <message>
        <source>, trained</source>
        <translation>，参与训练</translation>
    </message>
    <message>
        <source>, read, not trained</source>
        <translation>，只读取，不训练</translation>
    </message>
    <message>
        <source>, cut</source>
        <translation>，已截断</translation>
    </message>
</context>
<context>
    <name>z2::ui::PreviewPane</name>
    <message>
        <source>Lines %1 to %2</source>
        <translation>第 %1 到 %2 行</translation>
    </message>
    <message>
        <source>%1 will be left out</source>
        <translation>其中 %1 条会被剔除</translation>
    </message>
    <message>
        <source>Add a file to see its records here.</source>
        <translation>添加文件后，可在这里预览其中的记录。</translation>
    </message>
    <message>
        <source>File to preview</source>
        <translation>预览的文件</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>The record&apos;s text</source>
        <translation>记录的文本</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一页</translation>
    </message>
</context>
<context>
    <name>z2::ui::ReviewTab</name>
    <message>
        <source>Tasks can be changed when no more are being written.</source>
        <translation>编写结束或停止后才能修改任务。</translation>
    </message>
    <message>
        <source>Choose a task to read it whole and to change it.</source>
        <translation>选择一条任务可查看全文并修改。</translation>
    </message>
    <message>
        <source>A task needs an instruction and an output.</source>
        <translation>任务必须有指令和输出。</translation>
    </message>
    <message>
        <source>A task that is taken out, or one like it, does not come back.</source>
        <translation>移除的任务以及与它相似的任务不会再次出现。</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Kept tasks</source>
        <translation>保留的任务</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>No task has been kept yet.</source>
        <translation>还没有保留任何任务。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>z2::ui::SampleDialog</name>
    <message>
        <source>Samples as the run will see them</source>
        <translation>训练所见的样本</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>z2::ui::SampleSetView</name>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>All %1</source>
        <translation>全部 %1</translation>
    </message>
    <message>
        <source>Cut %1</source>
        <translation>被截断 %1</translation>
    </message>
    <message>
        <source>Nothing trained %1</source>
        <translation>无训练内容 %1</translation>
    </message>
    <message>
        <source>No sample %1</source>
        <translation>不是样本 %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 samples</source>
        <translation>
            <numerusform>%1 个样本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of them trained</source>
        <translation>其中 %1 参与训练</translation>
    </message>
    <message>
        <source>the longest has %1</source>
        <translation>最长 %1</translation>
    </message>
    <message>
        <source>%1 cut</source>
        <translation>%1 被截断</translation>
    </message>
    <message>
        <source>still looking…</source>
        <translation>仍在查看…</translation>
    </message>
    <message>
        <source>of the first %1 records</source>
        <translation>前 %1 条记录</translation>
    </message>
    <message>
        <source>&amp;Sample</source>
        <translation>样本(&amp;S)</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Look at all</source>
        <translation>查看全部</translation>
    </message>
    <message>
        <source>Samples in which no token is trained; left out</source>
        <translation>没有 token 参与训练的样本，将被剔除</translation>
    </message>
    <message>
        <source>Records that are no sample; left out</source>
        <translation>不能成为样本的记录，将被剔除</translation>
    </message>
    <message>
        <source>Samples that are longer than allowed</source>
        <translation>超过最大长度的样本</translation>
    </message>
</context>
<context>
    <name>z2::ui::SampleView</name>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 trained</source>
        <translation>%1 个参与训练</translation>
    </message>
    <message>
        <source>cut</source>
        <translation>已截断</translation>
    </message>
    <message>
        <source>the first %1 are shown</source>
        <translation>显示前 %1 个</translation>
    </message>
    <message>
        <source>Left out: %1</source>
        <translation>剔除：%1</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>被选回答</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>被拒回答</translation>
    </message>
    <message>
        <source>Tokens of the sample</source>
        <translation>样本的 token</translation>
    </message>
    <message>
        <source>Tokens with the rejected answer</source>
        <translation>含被拒回答的 token</translation>
    </message>
    <message>
        <source>The record as the file has it</source>
        <translation>文件中的原始记录</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens in the longer one</source>
        <translation>
            <numerusform>较长者 %1 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 trained in both</source>
        <translation>两者共 %1 个参与训练</translation>
    </message>
</context>
<context>
    <name>z2::ui::SamplesPane</name>
    <message>
        <source>%1 of the samples train nothing: another template or length, or let it go on.</source>
        <translation>%1 的样本没有训练内容：请换用其他模板或长度，或允许继续。</translation>
    </message>
    <message>
        <source>%1 of the samples would be cut: raise the longest document, or let it go on.</source>
        <translation>%1 的样本会被截断：请调大最大长度，或允许继续。</translation>
    </message>
    <message>
        <source>Add a file to see its samples here, token by token, as the tokenizer and the chat template make them.</source>
        <translation>添加文件后，这里按分词器与对话模板逐个 token 显示样本。</translation>
    </message>
    <message>
        <source>The samples cannot be prepared: what to mend stands beside the form.</source>
        <translation>无法准备样本：需要修正之处见表单旁边的说明。</translation>
    </message>
    <message>
        <source>No record gives a sample to train on.</source>
        <translation>没有一条记录能成为可训练的样本。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
</context>
<context>
    <name>z2::ui::TemplateChoice</name>
    <message>
        <source>Choose a chat template</source>
        <translation>选择对话模板</translation>
    </message>
    <message>
        <source>Jinja templates (*.jinja *.jinja2 *.j2 *.txt);;All files (*)</source>
        <translation>Jinja 模板 (*.jinja *.jinja2 *.j2 *.txt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>How the conversation is written for the model (--template)</source>
        <translation>对话以何种格式写给模型 (--template)</translation>
    </message>
    <message>
        <source>The template that goes with the model (--chat-template)</source>
        <translation>随模型写出的模板 (--chat-template)</translation>
    </message>
    <message>
        <source>No template: plain text</source>
        <translation>没有模板：纯文本</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>Jinja file…</source>
        <translation>Jinja 文件…</translation>
    </message>
    <message>
        <source>Own template: %1</source>
        <translation>自带模板：%1</translation>
    </message>
    <message>
        <source>chatml, since the tokenizer has none</source>
        <translation>chatml（分词器没有自带模板）</translation>
    </message>
</context>
<context>
    <name>z2::ui::TokenSamples</name>
    <message>
        <source>Sequence &amp;length</source>
        <translation>序列长度(&amp;L)</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>as in a run: what is longer is cut there</source>
        <translation>与训练时相同：超出的部分会被截断</translation>
    </message>
</context>
<context>
    <name>z2::ui::TokenizersPage</name>
    <message>
        <source>%1 · %2 pieces · %3</source>
        <translation>%1 · 词表 %2 · %3</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Import a tokenizer</source>
        <translation>导入分词器</translation>
    </message>
    <message>
        <source>Tokenizers (tokenizer.json *.model *tokenizer.json)</source>
        <translation>分词器 (tokenizer.json *.model *tokenizer.json)</translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation>没有导入任何内容。</translation>
    </message>
    <message>
        <source>Export into a folder</source>
        <translation>导出到文件夹</translation>
    </message>
    <message>
        <source>Export of %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Tokenizers</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Train…</source>
        <translation>训练…</translation>
    </message>
    <message>
        <source>Train a tokenizer…</source>
        <translation>训练分词器…</translation>
    </message>
    <message>
        <source>Try</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>About</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>No tokenizers yet</source>
        <translation>还没有分词器</translation>
    </message>
    <message>
        <source>A tokenizer cuts text into the pieces that a model reads. Train one on your text, which takes seconds to minutes, or import one that you have.</source>
        <translation>分词器把文本切成模型读得懂的 token。可以用自己的文本训练一个（几秒到几分钟），也可以导入现成的。</translation>
    </message>
    <message>
        <source>Train a tokenizer</source>
        <translation>训练分词器</translation>
    </message>
</context>
<context>
    <name>z2::ui::TrainForm</name>
    <message>
        <source>Add at least one file of text.</source>
        <translation>请至少添加一个文本文件。</translation>
    </message>
    <message>
        <source>Tokenizer %1</source>
        <translation>分词器 %1</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation>文本(&amp;T)</translation>
    </message>
    <message>
        <source>Every line of a text file is one document.</source>
        <translation>文本文件的每一行是一篇文档。</translation>
    </message>
    <message>
        <source>JSON &amp;fields</source>
        <translation>JSON 字段(&amp;F)</translation>
    </message>
    <message>
        <source>Fields of a record that hold text; empty: text.</source>
        <translation>记录中存放文本的字段；留空则为 text。</translation>
    </message>
    <message>
        <source>&amp;Kind</source>
        <translation>类型(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Vocabulary size</source>
        <translation>词表大小(&amp;V)</translation>
    </message>
    <message>
        <source>Pieces in all. 8,000 suits a small model; 32,000 to 128,000 a large one.</source>
        <translation>词元总数。小模型用 8,000 即可，大模型用 32,000 到 128,000。</translation>
    </message>
    <message>
        <source>&amp;Pattern</source>
        <translation>切分规则(&amp;P)</translation>
    </message>
    <message>
        <source>How text is cut into words before pairs merge.</source>
        <translation>合并词对之前，文本怎样切成词。</translation>
    </message>
    <message>
        <source>&amp;Special tokens</source>
        <translation>特殊 token(&amp;S)</translation>
    </message>
    <message>
        <source>Separated by spaces, in the order of their ids. &lt;|endoftext|&gt; is added when none ends texts.</source>
        <translation>以空格分隔，按 id 顺序。若其中没有文本结束符，会自动加上 &lt;|endoftext|&gt;。</translation>
    </message>
    <message>
        <source>&amp;Minimum frequency</source>
        <translation>最低频次(&amp;M)</translation>
    </message>
    <message>
        <source>A pair seen fewer times does not merge.</source>
        <translation>出现次数更少的词对不合并。</translation>
    </message>
    <message>
        <source>Th&amp;reads</source>
        <translation>线程数(&amp;R)</translation>
    </message>
    <message>
        <source>Byte-level BPE, as GPT-2, Llama 3 and Qwen have it</source>
        <translation>字节级 BPE（GPT-2、Llama 3、Qwen 所用）</translation>
    </message>
    <message>
        <source>SentencePiece BPE with byte fallback, as Llama 2 has it</source>
        <translation>带字节回退的 SentencePiece BPE（Llama 2 所用）</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>开始训练</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Its folder in the workspace is called the same.</source>
        <translation>也是它在工作区中的文件夹名。</translation>
    </message>
</context>
<context>
    <name>z2::ui::TryTab</name>
    <message>
        <source>No text</source>
        <translation>没有文本</translation>
    </message>
    <message>
        <source>Text to try</source>
        <translation>试用文本</translation>
    </message>
    <message>
        <source>Type or paste text</source>
        <translation>输入或粘贴文本</translation>
    </message>
    <message>
        <source>Read special tokens in the text</source>
        <translation>识别文本中的特殊 token</translation>
    </message>
    <message>
        <source>Pieces</source>
        <translation>切分结果</translation>
    </message>
    <message>
        <source>The pieces of the text appear here.</source>
        <translation>切分结果会显示在这里。</translation>
    </message>
    <message>
        <source>The quick brown fox jumps over the lazy dog.
床前明月光，疑是地上霜。 3.14159</source>
        <translation>床前明月光，疑是地上霜。
The quick brown fox jumps over the lazy dog. 3.14159</translation>
    </message>
    <message numerus="yes">
        <source>%1 tokens</source>
        <translation>
            <numerusform>%1 个 token</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 characters</source>
        <translation>
            <numerusform>%1 个字符</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 characters per token</source>
        <translation>每 token %1 个字符</translation>
    </message>
    <message>
        <source>%1 tokens per byte</source>
        <translation>每字节 %1 个 token</translation>
    </message>
</context>
<context>
    <name>z2::ui::VocabularyTab</name>
    <message>
        <source>%1 of %2 pieces</source>
        <translation>%1 / %2 个词元</translation>
    </message>
    <message>
        <source>Search by text or id</source>
        <translation>按文本或 id 搜索</translation>
    </message>
    <message>
        <source>Search pieces</source>
        <translation>搜索词元</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表</translation>
    </message>
</context>
</TS>
