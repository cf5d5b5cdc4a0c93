<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Duration</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
</context>
<context>
    <name>GenerationText</name>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 token/s</translation>
    </message>
    <message>
        <source>the text came to its end</source>
        <translation>文本自然结束</translation>
    </message>
    <message>
        <source>the model&apos;s context is full</source>
        <translation>模型的上下文已满</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>ended at Max tokens</source>
        <translation>已达到“最多 token”</translation>
    </message>
</context>
<context>
    <name>JobNotices</name>
    <message>
        <source>The demo is trained</source>
        <translation>演示训练已完成</translation>
    </message>
    <message>
        <source>The tokenizer %1 is ready</source>
        <translation>分词器 %1 已就绪</translation>
    </message>
    <message>
        <source>No tokenizer was made.</source>
        <translation>没有生成分词器。</translation>
    </message>
    <message>
        <source>The data %1 is ready</source>
        <translation>数据 %1 已就绪</translation>
    </message>
    <message>
        <source>No data was made; nothing is left of it.</source>
        <translation>没有生成数据，也没有留下任何残余。</translation>
    </message>
    <message>
        <source>The model %1 was imported</source>
        <translation>模型 %1 已导入</translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation>没有导入任何内容。</translation>
    </message>
    <message>
        <source>The model was exported</source>
        <translation>模型已导出</translation>
    </message>
    <message>
        <source>Nothing was exported.</source>
        <translation>没有导出任何内容。</translation>
    </message>
    <message>
        <source>The tokenizer was exported</source>
        <translation>分词器已导出</translation>
    </message>
    <message>
        <source>The run %1 was imported</source>
        <translation>训练 %1 已导入</translation>
    </message>
    <message>
        <source>Texts that were written before are kept.</source>
        <translation>先前生成的文本都会保留。</translation>
    </message>
    <message>
        <source>What was made so far is kept.</source>
        <translation>已完成的部分都会保留。</translation>
    </message>
    <message>
        <source>Read back, it gives the same loss: %1, the model %2, on %3 tokens of text.</source>
        <translation>读回后损失相同：导出 %1，模型 %2（%3 个 token 的文本）。</translation>
    </message>
    <message>
        <source>The instructions %1 are ready</source>
        <translation>指令数据 %1 已就绪</translation>
    </message>
    <message>
        <source>What was written so far is kept; Go on… continues it.</source>
        <translation>已写出的都会保留；点“继续…”可接着写。</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>Reading text</source>
        <translation>读取文本</translation>
    </message>
    <message>
        <source>Counting words</source>
        <translation>统计词频</translation>
    </message>
    <message>
        <source>Merging pairs</source>
        <translation>合并词对</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Tokenizing</source>
        <translation>分词</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>正在生成</translation>
    </message>
    <message>
        <source>Writing tasks</source>
        <translation>编写任务</translation>
    </message>
</context>
<context>
    <name>Places</name>
    <message>
        <source>Runs</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Tokenizers</source>
        <translation>分词器</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Search on this page</source>
        <translation>在本页中搜索</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>显示本列表</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>The first place at the left; Ctrl+2 the next, …</source>
        <translation>左侧第一项；Ctrl+2 为下一项，依此类推</translation>
    </message>
    <message>
        <source>Runs: open the run</source>
        <translation>训练：打开所选训练</translation>
    </message>
    <message>
        <source>Runs: mark the run to compare it</source>
        <translation>训练：选中以便对比</translation>
    </message>
    <message>
        <source>Runs: rename</source>
        <translation>训练：重命名</translation>
    </message>
    <message>
        <source>Runs: tags</source>
        <translation>训练：标签</translation>
    </message>
    <message>
        <source>Runs: move to the trash</source>
        <translation>训练：移到回收站</translation>
    </message>
    <message>
        <source>Chat: send the message; Shift+Enter begins a line</source>
        <translation>对话：发送消息；Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Chat: stop the answer; leave a message as it was</source>
        <translation>对话：停止回答；放弃对消息的修改</translation>
    </message>
    <message>
        <source>Chat: answer again, with the next seed</source>
        <translation>对话：换下一个种子重新回答</translation>
    </message>
    <message>
        <source>Chat: edit the last message, from an empty field</source>
        <translation>对话：输入框为空时编辑最后一条消息</translation>
    </message>
</context>
<context>
    <name>Task</name>
    <message>
        <source>Pretrain</source>
        <translation>预训练</translation>
    </message>
</context>
<context>
    <name>z2::ui::ChatSession</name>
    <message>
        <source>System: %1</source>
        <translation>系统：%1</translation>
    </message>
    <message>
        <source>You: %1</source>
        <translation>你：%1</translation>
    </message>
</context>
<context>
    <name>z2::ui::DemoService</name>
    <message>
        <source>The demo</source>
        <translation>演示</translation>
    </message>
</context>
<context>
    <name>z2::ui::DoctorView</name>
    <message>
        <source>z2all does not stand beside this program; build it with packaging/setup.</source>
        <translation>本程序旁边没有 z2all；请用 packaging/setup 构建。</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在检查这台计算机…</translation>
    </message>
    <message>
        <source>z2all doctor gave no answer; run it in a terminal to see why.</source>
        <translation>z2all doctor 没有返回结果；请在终端中运行它查看原因。</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>This computer has what training needs.</source>
        <translation>这台计算机具备训练所需的一切。</translation>
    </message>
    <message numerus="yes">
        <source>%n problems are to be solved first.</source>
        <translation>
            <numerusform>请先解决 %n 个问题。</numerusform>
        </translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
</context>
<context>
    <name>z2::ui::ImportMenu</name>
    <message>
        <source>Import of %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>A log of llm-zero2all, or a TensorBoard event file…</source>
        <translation>llm-zero2all 的日志，或 TensorBoard 事件文件…</translation>
    </message>
    <message>
        <source>A folder of TensorBoard event files…</source>
        <translation>包含 TensorBoard 事件文件的目录…</translation>
    </message>
</context>
<context>
    <name>z2::ui::JobBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>z2::ui::JobRow</name>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>End at once</source>
        <translation>立即结束</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>z2::ui::MainWindow</name>
    <message>
        <source>Zero2All Workbench</source>
        <translation>Zero2All 工作台</translation>
    </message>
</context>
<context>
    <name>z2::ui::NoticeBanner</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Dismiss (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>提示</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunEdits</name>
    <message>
        <source>The run keeps its name; nothing else was touched.</source>
        <translation>训练名称未变，其他内容也未改动。</translation>
    </message>
    <message>
        <source>The run keeps its tags; nothing else was touched.</source>
        <translation>训练的标签未变，其他内容也未改动。</translation>
    </message>
    <message>
        <source>The run stays where it was in the list.</source>
        <translation>该训练仍留在列表原处。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs archived</source>
        <translation>
            <numerusform>已归档 %n 次训练</numerusform>
        </translation>
    </message>
    <message>
        <source>They are hidden, nothing was deleted.</source>
        <translation>它们只是隐藏起来，没有删除任何内容。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>This run was not deleted.</source>
        <translation>该训练未被删除。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs moved to the trash</source>
        <translation>
            <numerusform>已将 %n 次训练移到回收站</numerusform>
        </translation>
    </message>
    <message>
        <source>They lie in %1 until you empty it.</source>
        <translation>它们保存在 %1，直到你清空为止。</translation>
    </message>
    <message>
        <source>The run is still in the trash.</source>
        <translation>该训练仍在回收站中。</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunPane</name>
    <message>
        <source>Select a run to see its loss and figures.</source>
        <translation>选中一次训练，在此查看它的损失曲线和各项数值。</translation>
    </message>
    <message>
        <source>Open the run</source>
        <translation>打开训练</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>验证损失</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>token/s</translation>
    </message>
    <message>
        <source>MFU</source>
        <translation>MFU</translation>
    </message>
    <message>
        <source>Last checkpoint</source>
        <translation>最新检查点</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Selected run</source>
        <translation>所选训练</translation>
    </message>
    <message>
        <source>No loss yet</source>
        <translation>还没有损失值</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunTable</name>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Tags, with commas between them:</source>
        <translation>标签（用英文逗号分隔）：</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Mark to compare</source>
        <translation>标记以便对比</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>标签…</translation>
    </message>
    <message>
        <source>Back from the archive</source>
        <translation>取消归档</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move to the trash (stop it first)</source>
        <translation>移到回收站（请先停止）</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunTableModel</name>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Validation: %1</source>
        <translation>验证损失：%1</translation>
    </message>
    <message>
        <source>Course of the loss</source>
        <translation>损失走势</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Course</source>
        <translation>走势</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>token/s</translation>
    </message>
    <message>
        <source>MFU</source>
        <translation>MFU</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunsPage</name>
    <message>
        <source>Runs</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Show archived (%1)</source>
        <translation>显示已归档（%1）</translation>
    </message>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n 次训练</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 runs</source>
        <translation>
            <numerusform>%2 次训练中的 %1 次</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare (%1)</source>
        <translation>对比（%1）</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Words of name, tag, task or state; /…/ is a regular expression</source>
        <translation>按名称、标签、任务或状态中的词搜索；/…/ 为正则表达式</translation>
    </message>
    <message>
        <source>This regular expression is not complete</source>
        <translation>正则表达式不完整</translation>
    </message>
    <message>
        <source>Search name, tag, state</source>
        <translation>搜索名称、标签、状态</translation>
    </message>
    <message>
        <source>Search runs</source>
        <translation>搜索训练</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>新建训练</translation>
    </message>
    <message>
        <source>Mark runs with the box before their name, or with Space</source>
        <translation>勾选名称前的方框，或按空格键标记训练</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>还没有训练</translation>
    </message>
    <message>
        <source>No run matches</source>
        <translation>没有匹配的训练</translation>
    </message>
    <message>
        <source>No run has these words in its name, tags, task or state.</source>
        <translation>没有训练的名称、标签、任务或状态包含这些词。</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>The demo is on its way</source>
        <translation>演示正在进行</translation>
    </message>
    <message>
        <source>Its tokenizer and its data come first; then its run opens here with live curves. You may close this window: it goes on without it.</source>
        <translation>先制作分词器和数据，随后训练会在这里打开，并实时显示曲线。可以关闭这个窗口，演示会继续进行。</translation>
    </message>
    <message>
        <source>A run is one training of a model. See one from beginning to end: the demo trains a tokenizer and a model of 10 million parameters on text that this computer has, and lets it write.</source>
        <translation>这里列出每一次模型训练。不妨先完整地看一遍：演示用本机已有的文本训练一个分词器和一个 1000 万参数的模型，再让它写几句话。</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>A run of another program, to watch and compare beside yours</source>
        <translation>导入其他程序的训练记录，与自己的训练一起查看和对比</translation>
    </message>
    <message>
        <source>Train the demo (about %1 on this computer)</source>
        <translation>训练演示模型（在这台电脑上约需 %1）</translation>
    </message>
</context>
<context>
    <name>z2::ui::SamplingForm</name>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Repetition</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Max tokens</source>
        <translation>最多 token</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>0: always the most likely token; higher: more surprising (--temperature)</source>
        <translation>0：总取最可能的 token；越大越出人意料 (--temperature)</translation>
    </message>
    <message>
        <source>Only the k most likely tokens; 0: all (--top-k)</source>
        <translation>只在最可能的 k 个 token 中选；0 为全部 (--top-k)</translation>
    </message>
    <message>
        <source>Only the most likely tokens that make up this probability (--top-p)</source>
        <translation>只在累计概率达到此值的最可能 token 中选 (--top-p)</translation>
    </message>
    <message>
        <source>Only tokens with at least this share of the most likely one&apos;s probability; 0: all (--min-p)</source>
        <translation>只选概率至少为最大概率此倍数的 token；0 为全部 (--min-p)</translation>
    </message>
    <message>
        <source>Above 1, what was said already becomes less likely (--repetition-penalty)</source>
        <translation>大于 1 时，说过的内容更不容易再出现 (--repetition-penalty)</translation>
    </message>
    <message>
        <source>The longest answer (--max-new-tokens)</source>
        <translation>生成的最大长度 (--max-new-tokens)</translation>
    </message>
    <message>
        <source>The same seed gives the same text (--seed)</source>
        <translation>种子相同，结果相同 (--seed)</translation>
    </message>
</context>
<context>
    <name>z2::ui::SettingsPage</name>
    <message>
        <source>Choose the workspace</source>
        <translation>选择工作区</translation>
    </message>
    <message>
        <source>The window could not be started again</source>
        <translation>窗口未能重新启动</translation>
    </message>
    <message>
        <source>This window stays with its workspace.</source>
        <translation>当前窗口仍使用原来的工作区。</translation>
    </message>
    <message>
        <source>Close it and start zero2all; it opens the new workspace.</source>
        <translation>请关闭窗口并启动 zero2all，它会打开新的工作区。</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台计算机</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Workspace</source>
        <translation>工作区(&amp;W)</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Holds runs, data, tokenizers and models</source>
        <translation>保存训练、数据、分词器和模型</translation>
    </message>
    <message>
        <source>A new run begins with</source>
        <translation>新建训练的默认设置</translation>
    </message>
</context>
<context>
    <name>z2::ui::Sidebar</name>
    <message>
        <source>Places</source>
        <translation>导航</translation>
    </message>
    <message>
        <source>Workspace: %1</source>
        <translation>工作区：%1</translation>
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation>%1（Ctrl+%2）</translation>
    </message>
</context>
<context>
    <name>z2::ui::StateLabel</name>
    <message>
        <source>Unreadable</source>
        <translation>无法读取</translation>
    </message>
</context>
<context>
    <name>z2::ui::StatusLine</name>
    <message>
        <source>Nothing is running</source>
        <translation>没有正在进行的训练</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n 次训练进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>CPU %1 %</source>
        <translation>CPU %1%</translation>
    </message>
    <message>
        <source>Memory %1 of %2</source>
        <translation>内存 %1 / %2</translation>
    </message>
    <message>
        <source>GPU %1 %2 % %3 °C %4 of %5</source>
        <translation>GPU %1  %2%  %3 °C  %4 / %5</translation>
    </message>
    <message>
        <source>%1, %2 W</source>
        <translation>%1，%2 W</translation>
    </message>
</context>
<context>
    <name>z2::ui::Workbench</name>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
</context>
</TS>
