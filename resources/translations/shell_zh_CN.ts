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
</context>
<context>
    <name>Places</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Data</source>
        <translation type="unfinished">数据</translation>
    </message>
    <message>
        <source>Tokenizers</source>
        <translation type="unfinished">分词器</translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished">模型</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>New run</source>
        <translation>新建运行</translation>
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
        <translation>运行：打开所选运行</translation>
    </message>
    <message>
        <source>Runs: mark the run to compare it</source>
        <translation>运行：选中以便对比</translation>
    </message>
    <message>
        <source>Runs: rename</source>
        <translation>运行：重命名</translation>
    </message>
    <message>
        <source>Runs: tags</source>
        <translation>运行：标签</translation>
    </message>
    <message>
        <source>Runs: move to the trash</source>
        <translation>运行：移到回收站</translation>
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
    <name>z2::ui::RunsPage</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
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
    <name>z2::ui::StatusLine</name>
    <message>
        <source>Nothing is running</source>
        <translation>没有正在进行的运行</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n 个运行进行中</numerusform>
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
</TS>
