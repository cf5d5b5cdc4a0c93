<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>ChartMenu</name>
    <message>
        <source>Export chart</source>
        <translation>导出图表</translation>
    </message>
    <message>
        <source>Export as PNG…</source>
        <translation>导出为 PNG…</translation>
    </message>
    <message>
        <source>Export as SVG…</source>
        <translation>导出为 SVG…</translation>
    </message>
    <message>
        <source>Export all points as CSV…</source>
        <translation>将全部数据点导出为 CSV…</translation>
    </message>
    <message>
        <source>Export the visible points as CSV…</source>
        <translation>将可见数据点导出为 CSV…</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>对数坐标</translation>
    </message>
    <message>
        <source>Linear axis</source>
        <translation>线性坐标</translation>
    </message>
    <message>
        <source>Show the whole run</source>
        <translation>显示整个过程</translation>
    </message>
</context>
<context>
    <name>Metric</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>验证损失</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>吞吐量（token/s）</translation>
    </message>
    <message>
        <source>MFU</source>
        <translation>MFU</translation>
    </message>
    <message>
        <source>Memory (GB)</source>
        <translation>内存（GB）</translation>
    </message>
    <message>
        <source>Preference accuracy</source>
        <translation>偏好准确率</translation>
    </message>
    <message>
        <source>Reward margin</source>
        <translation>奖励差值</translation>
    </message>
    <message>
        <source>Reward of the chosen</source>
        <translation>被选回答的奖励</translation>
    </message>
    <message>
        <source>Reward of the rejected</source>
        <translation>被拒回答的奖励</translation>
    </message>
    <message>
        <source>Log-probability of the chosen</source>
        <translation>被选回答的对数概率</translation>
    </message>
    <message>
        <source>Log-probability of the rejected</source>
        <translation>被拒回答的对数概率</translation>
    </message>
    <message>
        <source>Seconds per step</source>
        <translation>每步秒数</translation>
    </message>
    <message>
        <source>MFU (causal attention)</source>
        <translation>MFU（因果注意力）</translation>
    </message>
    <message>
        <source>Trained tokens per second</source>
        <translation>训练 token 吞吐量</translation>
    </message>
    <message>
        <source>Pairs per second</source>
        <translation>每秒样本对</translation>
    </message>
    <message>
        <source>Loss of the chosen</source>
        <translation>被选回答的损失</translation>
    </message>
    <message>
        <source>Rewards</source>
        <translation>奖励</translation>
    </message>
    <message>
        <source>Rewards (validation)</source>
        <translation>奖励（验证）</translation>
    </message>
    <message>
        <source>Log-probabilities</source>
        <translation>对数概率</translation>
    </message>
    <message>
        <source>Log-probabilities (validation)</source>
        <translation>对数概率（验证）</translation>
    </message>
    <message>
        <source>%1 (validation)</source>
        <translation>%1（验证）</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
</context>
<context>
    <name>RunDetails</name>
    <message>
        <source>Created</source>
        <translation>已创建</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Left the queue</source>
        <translation>已离开队列</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>已启动</translation>
    </message>
    <message>
        <source>Resumed</source>
        <translation>断点续训</translation>
    </message>
    <message>
        <source>Restarting</source>
        <translation>正在重启</translation>
    </message>
    <message>
        <source>Not restarted</source>
        <translation>未重启</translation>
    </message>
    <message>
        <source>Found running again</source>
        <translation>重新找到运行中的进程</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Extended</source>
        <translation>已延长</translation>
    </message>
    <message>
        <source>Forked</source>
        <translation>已派生</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>Checkpoint saved</source>
        <translation>检查点已保存</translation>
    </message>
    <message>
        <source>Checkpoint not saved</source>
        <translation>检查点未能保存</translation>
    </message>
    <message>
        <source>Damaged checkpoint set aside</source>
        <translation>损坏的检查点已隔离</translation>
    </message>
    <message>
        <source>The data have changed</source>
        <translation>数据已改变</translation>
    </message>
    <message>
        <source>Data passed over</source>
        <translation>已跳过数据</translation>
    </message>
    <message>
        <source>Step passed over</source>
        <translation>已跳过一步</translation>
    </message>
    <message>
        <source>Loss is not a number</source>
        <translation>损失不是数值（NaN）</translation>
    </message>
    <message>
        <source>No progress</source>
        <translation>没有进展</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
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
        <source>attempt</source>
        <translation>启动次数</translation>
    </message>
    <message>
        <source>error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>validation loss</source>
        <translation>验证损失</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>last checkpoint</source>
        <translation>最新检查点</translation>
    </message>
    <message>
        <source>exit code</source>
        <translation>退出码</translation>
    </message>
    <message>
        <source>computer</source>
        <translation>计算机</translation>
    </message>
    <message>
        <source>time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>training paused</source>
        <translation>训练暂停</translation>
    </message>
    <message>
        <source>written in</source>
        <translation>写入用时</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>result</source>
        <translation>结果</translation>
    </message>
</context>
<context>
    <name>RunState</name>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>训练中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Crashed</source>
        <translation>崩溃</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>失去联系</translation>
    </message>
</context>
<context>
    <name>z2::ui::ChartToolbar</name>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Weight of the past in the moving average; the values themselves stay visible, faint</source>
        <translation>滑动平均中历史值的权重；原始值仍以浅色显示</translation>
    </message>
    <message>
        <source>X axis</source>
        <translation>横轴</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>token 数</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Time without pauses</source>
        <translation>时间（不含暂停）</translation>
    </message>
    <message>
        <source>Logarithmic y axis; values of 0 and below lie under the picture</source>
        <translation>纵轴取对数；小于等于 0 的值位于图的下方</translation>
    </message>
    <message>
        <source>Whole run</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Shows all points (Home, or a double click in a chart)</source>
        <translation>显示所有数据点（Home 键，或双击图表）</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Follows the newest point (End)</source>
        <translation>跟随最新的数据点（End 键）</translation>
    </message>
    <message>
        <source>Log scale</source>
        <translation>对数坐标</translation>
    </message>
    <message>
        <source>Steps done again</source>
        <translation>重做的步</translation>
    </message>
    <message>
        <source>Shows, in grey, what was rolled back: steps that were done again after a restart</source>
        <translation>以灰色显示回退的部分，即重启后重做的步</translation>
    </message>
</context>
<context>
    <name>z2::ui::ComparePage</name>
    <message>
        <source>The runs and their metrics are not touched.</source>
        <translation>训练及其指标均未改动。</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Baseline</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>The run against which differences are given</source>
        <translation>计算差值所依据的训练</translation>
    </message>
    <message>
        <source>Choose two or more runs on the Runs page (Space marks a run) to lay their curves over each other.</source>
        <translation>请在“训练”页选择两次或更多训练（按空格键标记），即可将它们的曲线叠加显示。</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Last</source>
        <translation>最新值</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳值</translation>
    </message>
    <message>
        <source>At step</source>
        <translation>所在步</translation>
    </message>
    <message>
        <source>Least</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Greatest</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>数据点</translation>
    </message>
    <message>
        <source>Filter metrics and runs</source>
        <translation>筛选指标和训练</translation>
    </message>
    <message>
        <source>The runs have recorded nothing yet.</source>
        <translation>这些训练尚无记录。</translation>
    </message>
    <message>
        <source>Only what differs</source>
        <translation>仅显示不同项</translation>
    </message>
    <message>
        <source>Filter settings</source>
        <translation>筛选设置</translation>
    </message>
    <message>
        <source>The configurations are the same.</source>
        <translation>配置完全相同。</translation>
    </message>
    <message>
        <source>Nothing has been recorded yet.</source>
        <translation>尚无记录。</translation>
    </message>
    <message>
        <source>No runs to compare yet</source>
        <translation>还没有可对比的训练</translation>
    </message>
    <message>
        <source>Go to the runs</source>
        <translation>前往训练页</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>与基准之差</translation>
    </message>
</context>
<context>
    <name>z2::ui::CurveView</name>
    <message>
        <source>Chart: %1</source>
        <translation>图表：%1</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 token</translation>
    </message>
</context>
<context>
    <name>z2::ui::CurvesTab</name>
    <message>
        <source>The run and its metrics are not touched.</source>
        <translation>训练及其指标均未改动。</translation>
    </message>
    <message>
        <source>Reading… %1 %</source>
        <translation>正在读取… %1 %</translation>
    </message>
    <message>
        <source>Nothing has been recorded yet. Curves begin with the first step.</source>
        <translation>尚无记录。曲线从第一步开始。</translation>
    </message>
    <message>
        <source>Damaged lines of metrics.jsonl that were passed over: %1. All other rows are shown. The first: %2</source>
        <translation>metrics.jsonl 中有 %1 处损坏，已跳过；其余各行均已显示。第一处：%2</translation>
    </message>
</context>
<context>
    <name>z2::ui::LogTab</name>
    <message>
        <source>Earlier lines</source>
        <translation>更早的内容</translation>
    </message>
    <message>
        <source>Find (Enter goes upwards)</source>
        <translation>查找（回车键向上）</translation>
    </message>
    <message>
        <source>Find in the log</source>
        <translation>在日志中查找</translation>
    </message>
    <message>
        <source>Follow the end</source>
        <translation>跟随末尾</translation>
    </message>
    <message>
        <source>Log of the engine</source>
        <translation>引擎日志</translation>
    </message>
    <message>
        <source>The engine has written nothing yet.</source>
        <translation>引擎尚未写入任何内容。</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunLegend</name>
    <message>
        <source>Shown; press to hide</source>
        <translation>已显示；点击可隐藏</translation>
    </message>
    <message>
        <source>Hidden; press to show</source>
        <translation>已隐藏；点击可显示</translation>
    </message>
</context>
<context>
    <name>z2::ui::RunPage</name>
    <message>
        <source>Run</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 / %2 步</translation>
    </message>
    <message>
        <source>loss %1</source>
        <translation>损失 %1</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 token/s</translation>
    </message>
    <message>
        <source>≈ %1 left</source>
        <translation>约剩 %1</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Checkpoints</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Filter settings</source>
        <translation>筛选设置</translation>
    </message>
    <message>
        <source>The configuration cannot be read.</source>
        <translation>无法读取配置。</translation>
    </message>
    <message>
        <source>Nothing differs from the preset.</source>
        <translation>与预设完全一致。</translation>
    </message>
    <message>
        <source>Only what differs from the preset</source>
        <translation>仅显示与预设不同的项</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>验证损失</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Filter checkpoints</source>
        <translation>筛选检查点</translation>
    </message>
    <message>
        <source>No checkpoint yet. The first one comes with the next multiple of train.checkpoint_interval, and when the run is stopped.</source>
        <translation>还没有检查点。到达 train.checkpoint_interval 的整数倍步时，或停止训练时，会保存检查点。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Filter events</source>
        <translation>筛选事件</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>尚无事件。</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Reads every byte of the chosen checkpoint and compares its checksums</source>
        <translation>读取所选检查点的每个字节并核对校验和</translation>
    </message>
    <message>
        <source>Generate text</source>
        <translation>生成文本</translation>
    </message>
    <message>
        <source>Opens the chosen checkpoint on the Models page</source>
        <translation>在“模型”页打开所选检查点</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Fork…</source>
        <translation>派生…</translation>
    </message>
    <message>
        <source>A new run that begins with the weights of the chosen checkpoint</source>
        <translation>以所选检查点的权重开始一次新的训练</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>No run is chosen</source>
        <translation>尚未选择训练</translation>
    </message>
    <message>
        <source>A run&apos;s curves, log, samples and checkpoints stand here.</source>
        <translation>这里显示一次训练的曲线、日志、样本和检查点。</translation>
    </message>
    <message>
        <source>Go to the runs</source>
        <translation>前往训练页</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Talks with the chosen checkpoint on the Chat page</source>
        <translation>在“对话”页与选中的检查点对话</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>Writes the chosen checkpoint for other programs: Hugging Face or GGUF</source>
        <translation>将选中的检查点导出给其他程序：Hugging Face 或 GGUF</translation>
    </message>
</context>
<context>
    <name>z2::ui::SamplesTab</name>
    <message>
        <source>Step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>Samples of %1</source>
        <translation>%1 的样本</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在生成…</translation>
    </message>
    <message>
        <source>Let the checkpoints write</source>
        <translation>让各检查点生成</translation>
    </message>
    <message>
        <source>There is no checkpoint yet</source>
        <translation>还没有检查点</translation>
    </message>
    <message>
        <source>Each checkpoint continues this text; on the processor, so that training on a GPU is not disturbed</source>
        <translation>每个检查点续写这段文本；在 CPU 上进行，不影响 GPU 上的训练</translation>
    </message>
    <message>
        <source>Text to continue</source>
        <translation>待续写的文本</translation>
    </message>
    <message>
        <source>Once upon a time</source>
        <translation>很久很久以前</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Nothing has been written yet. Let each checkpoint continue the same text, and read how the model learned to write.</source>
        <translation>还没有生成过文本。让每个检查点续写同一段开头，看看模型是怎样学会写作的。</translation>
    </message>
</context>
</TS>
